"""What people and programs read of research, strategy and selection."""
