"""Pages of tickets: the list and a ticket, changes and interceptions, knowledge, replies, agents."""
