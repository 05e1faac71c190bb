"""Pages of materials and of the go-live gate."""
