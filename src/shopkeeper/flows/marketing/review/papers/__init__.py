"""Papers of this desk."""
