"""Reads of the desk promotions."""
