"""Set-based statements of decisions."""
