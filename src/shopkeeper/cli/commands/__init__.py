"""One file per command; each takes arguments, calls one function of the house and prints its answer."""
