"""Set-based statements of the desk promotions."""
