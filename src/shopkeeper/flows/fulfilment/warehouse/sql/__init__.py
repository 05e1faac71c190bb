"""Set-based statements of the warehouse. Every command locks the waves it touches first, in key order."""
