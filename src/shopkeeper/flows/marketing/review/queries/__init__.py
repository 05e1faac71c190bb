"""Reads of reviews, their meetings, action items and templates."""
