"""Pure judgement about parcels: numbers, couriers, tracking. No Django, no clock, no query."""
