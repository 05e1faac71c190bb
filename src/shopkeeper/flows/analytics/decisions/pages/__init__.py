"""Pages of decisions: the list, and the whole chain on one page."""
