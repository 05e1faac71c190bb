"""A courier service that speaks 快递100's protocol: numbers, subscriptions, tracking, pushes."""
