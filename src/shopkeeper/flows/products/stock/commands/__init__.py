"""The writers of the desk stock, one file per step."""
