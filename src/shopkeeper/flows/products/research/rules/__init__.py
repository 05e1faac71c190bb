"""Pure judgement of P1: figures as tools write them, and how a candidate scores."""
