"""The writers of the desk settlement, one file per step."""
