"""Set-based statements of intake."""
