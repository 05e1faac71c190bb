"""The steps of the warehouse: release, claim, pick, report, finish, open, inspect, close, put back."""
