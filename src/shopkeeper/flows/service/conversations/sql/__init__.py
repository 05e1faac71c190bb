"""Set-based statements of the desk conversations."""
