"""The door for programs: everything a person can do on screen, a program can do here (G6)."""
