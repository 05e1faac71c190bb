"""The pages of S1.1: the desk, the supervisor's view, past conversations, calls, channels."""
