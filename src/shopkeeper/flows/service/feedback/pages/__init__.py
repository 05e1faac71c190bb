"""Pages of ratings, recoveries, daily summaries and improvements."""
