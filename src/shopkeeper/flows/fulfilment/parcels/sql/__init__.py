"""Set-based statements of parcels; called by this flow only."""
