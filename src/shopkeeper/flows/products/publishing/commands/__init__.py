"""Commands of the desk publishing: one file per step."""
