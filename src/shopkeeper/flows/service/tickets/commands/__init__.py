"""Commands of the desk tickets: one file per step."""
