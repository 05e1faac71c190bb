"""Set-based statements of the ticket desk."""
