"""Courier services."""
