"""Set-based statements of the desk research."""
