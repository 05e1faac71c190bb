"""Set-based statements of the desk warehouse."""
