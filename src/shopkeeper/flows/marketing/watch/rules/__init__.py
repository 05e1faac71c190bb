"""Pure arithmetic of the watch: hours, which source counts, what is low, what an action brought."""
