"""A platform that speaks Pinduoduo's open protocol: malls, orders, refunds, shipping, goods, messages."""
