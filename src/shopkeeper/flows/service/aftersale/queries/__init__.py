"""Reads of after-sale; they never write."""
