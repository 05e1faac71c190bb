"""The writers of the desk warehouse, one file per step."""
