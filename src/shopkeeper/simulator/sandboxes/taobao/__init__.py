"""A platform that speaks Taobao/Tmall's open protocol: shops, trades, refunds, shipping, messages."""
