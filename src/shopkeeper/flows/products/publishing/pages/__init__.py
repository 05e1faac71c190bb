"""Pages of publishing: reviews, the word list, listings and their differences, stock in the shops."""
