"""Pages of collection: sources side by side, imports, data quality, the collector."""
