"""What a figure is, how it is computed, compared and spoken of. Pure: tables in, numbers out."""
