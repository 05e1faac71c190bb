"""Commands of the desk lake: one file per step."""
