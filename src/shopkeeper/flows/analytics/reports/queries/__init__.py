"""Reads of reports, figures, targets; and the computing of a report from the lake."""
