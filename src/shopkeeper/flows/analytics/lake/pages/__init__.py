"""Pages of the lake: how it stands, what cleaning set aside, and who is known not to be a customer."""
