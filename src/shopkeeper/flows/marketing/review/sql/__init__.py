"""Set-based statements of reviews."""
