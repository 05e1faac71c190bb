"""The public door of the collector."""
