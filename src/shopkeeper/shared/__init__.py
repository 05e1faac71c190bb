"""Value types, one noun a file. Knows nothing of the floors above it and nothing of Django."""
