"""Commands of the desk aftersale: one file per step."""
