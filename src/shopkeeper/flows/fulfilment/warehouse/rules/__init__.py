"""Pure judgement of the warehouse: who goes in a wave, what a scan means, what a scale says."""
