"""The writers of the desk listing, one file per step."""
