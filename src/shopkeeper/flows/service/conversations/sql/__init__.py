"""Set-based statements of conversations."""
