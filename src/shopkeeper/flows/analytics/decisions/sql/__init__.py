"""Set-based statements of the desk decisions."""
