"""Judgement of outreach: who is written to, when, with what words, and what an answer means."""
