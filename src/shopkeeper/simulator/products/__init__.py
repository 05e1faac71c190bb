"""Product people in the demo: what they study, choose, enter and put up, before one comes and while one looks."""
