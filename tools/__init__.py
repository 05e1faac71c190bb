"""What `make` runs: environment, assets, checks, tests, locks. Not part of the product."""
