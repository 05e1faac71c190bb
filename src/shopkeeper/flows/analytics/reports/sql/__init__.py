"""The statements of reports and targets."""
