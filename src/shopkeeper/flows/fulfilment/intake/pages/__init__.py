"""Pages of intake: orders, one order, check sessions, how orders come in, imports, background jobs."""
