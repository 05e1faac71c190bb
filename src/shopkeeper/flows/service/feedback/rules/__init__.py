"""What S3 judges: whom to ask, what a figure is, what a problem is about, whether something became better."""
