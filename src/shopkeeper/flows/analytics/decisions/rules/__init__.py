"""Judgement of decisions: spans of days, and what a figure says beside what was expected of it."""
