"""Pages of the procedure: work list, compliance board, clauses, policy."""
