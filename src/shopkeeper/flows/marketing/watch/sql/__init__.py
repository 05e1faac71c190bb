"""Statements of the watch over campaigns."""
