"""The commands of tickets: one file per step of S1.2, S2.1 and S2.2."""
