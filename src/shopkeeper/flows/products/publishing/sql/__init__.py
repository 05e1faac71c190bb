"""Set-based statements of the desk publishing."""
