"""Adapters to outside systems, one package each. They fulfil the flows' ports and hold all vendor words."""
