"""Reads of the watch over campaigns."""
