"""Sales platforms."""
