"""What people and programs read of ratings, recoveries, summaries and improvements."""
