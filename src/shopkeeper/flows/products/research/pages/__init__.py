"""Pages of P1: research, strategies, candidates, selection lists."""
