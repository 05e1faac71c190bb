"""Reads of reviews, words, listings and stock in shops."""
