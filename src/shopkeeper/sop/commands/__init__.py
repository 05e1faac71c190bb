"""What people and the system do with the procedure itself."""
