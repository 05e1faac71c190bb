"""Set-based statements of the desk tickets."""
