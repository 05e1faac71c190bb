"""Set-based statements of materials and of the gate."""
