"""Pure rules of the lake: its tables, and what is set aside."""
