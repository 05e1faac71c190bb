"""The procedure itself: clauses, policy, deadlines, work list, compliance. Knows no flow."""
