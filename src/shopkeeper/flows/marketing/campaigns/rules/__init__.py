"""Judgement and arithmetic of planning: values in, verdicts and figures out; no database, no clock."""
