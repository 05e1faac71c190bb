"""Shopkeeper 掌柜: the operations back office that runs the procedure itself."""
