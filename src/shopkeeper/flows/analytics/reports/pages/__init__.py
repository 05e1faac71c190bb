"""Pages of reports, their figures, the orders behind them, and targets."""
