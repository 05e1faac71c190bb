"""Set-based statements of the desk pricing."""
