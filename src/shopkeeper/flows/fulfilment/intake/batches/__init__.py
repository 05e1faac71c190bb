"""How a batch of platform orders is loaded and written; called by the commands of intake only."""
