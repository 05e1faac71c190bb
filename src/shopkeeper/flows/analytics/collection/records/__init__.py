"""The collector's files: written by the web processes, counted once by a worker, read by the lake."""
