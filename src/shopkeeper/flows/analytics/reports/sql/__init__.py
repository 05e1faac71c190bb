"""Set-based statements of the desk reports."""
