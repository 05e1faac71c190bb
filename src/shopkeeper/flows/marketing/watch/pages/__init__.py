"""Pages of the watch: the live board, 《活动监控表》, alerts, calls for restock, benchmarks."""
