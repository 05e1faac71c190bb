"""The writers of the desk intake, one file per step."""
