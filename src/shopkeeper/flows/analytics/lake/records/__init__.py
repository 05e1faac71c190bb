"""The lake's files, and the one engine that reads them."""
