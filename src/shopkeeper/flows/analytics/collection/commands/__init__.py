"""The writers of the desk collection, one file per step."""
