"""Pages of price plans (P3.2)."""
