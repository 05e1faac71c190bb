"""Set-based statements of outreach."""
