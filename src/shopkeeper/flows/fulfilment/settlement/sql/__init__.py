"""Set-based statements of the desk settlement."""
