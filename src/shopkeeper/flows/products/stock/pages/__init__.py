"""Pages of stock (P3.1, P5)."""
