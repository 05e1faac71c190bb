"""Judgement and arithmetic of reviews: pure, no clock, no database."""
