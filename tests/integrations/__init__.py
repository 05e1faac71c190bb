"""Adapters against golden vectors, nonsense, and sandboxes over real HTTP."""
