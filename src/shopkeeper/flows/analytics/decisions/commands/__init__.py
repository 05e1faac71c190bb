"""Commands of the desk decisions: one file per step."""
