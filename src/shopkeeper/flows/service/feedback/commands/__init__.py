"""Commands of the desk feedback: one file per step."""
