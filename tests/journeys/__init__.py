"""Journeys: several people, one running house, one real browser, real HTTP to the sandboxes."""
