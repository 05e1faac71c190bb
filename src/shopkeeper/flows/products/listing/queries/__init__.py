"""Reads of products: facts for other desks, lists, records, the category tree, search."""
