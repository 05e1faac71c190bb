"""The sandboxes themselves: do they keep the protocols they speak, and misbehave as told."""
