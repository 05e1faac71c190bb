"""Reads of price plans."""
