"""Reads of tickets and their agents. What other desks use is exported here."""
