"""The warehouse's pages: board, waves, picking and packing stations, queue, hand-over, papers."""
