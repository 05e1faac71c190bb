"""Set-based statements of the desk watch."""
