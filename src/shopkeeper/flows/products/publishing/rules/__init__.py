"""Judgement of the desk publishing: words in texts, differences between us and a platform, shares of stock."""
