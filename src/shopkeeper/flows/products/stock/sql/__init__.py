"""Set-based statements of the desk stock. Balances are locked here and nowhere else, in key order."""
