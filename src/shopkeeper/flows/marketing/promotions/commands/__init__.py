"""Commands of the desk promotions: one file per step."""
