"""Team robots."""
