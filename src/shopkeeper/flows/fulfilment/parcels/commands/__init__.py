"""The writers of the desk parcels, one file per step."""
