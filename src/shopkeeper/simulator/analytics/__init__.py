"""Figures in the demo shop: what tools export, what pages tell, reports signed, findings decided."""
