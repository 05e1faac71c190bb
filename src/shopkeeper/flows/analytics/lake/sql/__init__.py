"""Set-based statements of the desk lake."""
