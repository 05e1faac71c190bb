"""Commands of the desk watch: one file per step."""
