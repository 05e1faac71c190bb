"""Set-based statements of the desk listing."""
