"""Commands of the desk research: one file per step."""
