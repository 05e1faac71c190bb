"""Pure judgement of collection: what an event says, where a visit came from, what figures contradict."""
