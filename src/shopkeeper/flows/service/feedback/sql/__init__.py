"""Set-based statements of the desk feedback."""
