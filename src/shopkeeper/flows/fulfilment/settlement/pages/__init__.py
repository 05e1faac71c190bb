"""Pages of settlement: finance's list, record and day board; customer service's follow-ups."""
