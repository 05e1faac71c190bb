"""What several commands on materials do alike."""
