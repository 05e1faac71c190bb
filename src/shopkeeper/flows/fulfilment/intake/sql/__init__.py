"""Set-based statements of the desk intake."""
