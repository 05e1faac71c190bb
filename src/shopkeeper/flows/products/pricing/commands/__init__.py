"""Commands of the desk pricing: one file per step."""
