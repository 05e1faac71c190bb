"""The steps of D3: finding, decision, tasks, effect, conclusion."""
