"""Set-based statements of the desk collection."""
