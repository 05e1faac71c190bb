"""The promotion engine (M2.3): a pure library. It prices carts, explains itself, and splits every fen to a line.

`pricing.price(cart, book)` is the entry; `book.RuleBook` holds the promotions in force; docs/promotions.md shows the
worked examples that the tests run.
"""
