"""Commands of the desk reports: one file per step."""
