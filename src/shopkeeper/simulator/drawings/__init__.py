"""Pictures the demo shows: its goods on white, and what customers photograph. Drawn here, so nobody else's."""
