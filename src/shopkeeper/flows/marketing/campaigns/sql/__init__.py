"""Set-based statements of the desk campaigns."""
