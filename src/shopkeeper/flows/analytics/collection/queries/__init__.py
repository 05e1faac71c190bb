"""Reads of collection. What the lake uses: `spools.closed_spools`, `spools.spool_rows`, `figures.sets_after`."""
