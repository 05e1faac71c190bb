"""Campaigns in the demo shop: one over and reviewed, one running, the next one on its way."""
