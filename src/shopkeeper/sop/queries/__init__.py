"""Reads of the procedure: work list, compliance, policy."""
