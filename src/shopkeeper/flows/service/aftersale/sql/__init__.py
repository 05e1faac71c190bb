"""Set-based statements of the desk aftersale."""
