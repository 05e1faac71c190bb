"""Customers and those who serve them, in the demo: what they say, what lies behind, how it goes on."""
