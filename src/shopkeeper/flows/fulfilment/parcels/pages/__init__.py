"""Pages of parcels: the list and record, cases as work, reports to platforms."""
