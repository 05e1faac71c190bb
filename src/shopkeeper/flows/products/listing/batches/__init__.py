"""How a batch of products is loaded, judged and written; shared by the commands that enter and edit them."""
