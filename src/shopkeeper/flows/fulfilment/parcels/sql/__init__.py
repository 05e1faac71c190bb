"""Set-based statements of the desk parcels."""
