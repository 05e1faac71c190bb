"""Every component with Chinese sample data, on pages that exist only in demo and debug installations."""
