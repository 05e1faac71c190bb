"""The writers of the desk campaigns, one file per step."""
