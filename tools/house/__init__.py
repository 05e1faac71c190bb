"""The house's own source rules: each module has `problems() -> list[str]`, empty when the rule is kept.

`make check` prints them and tests/architecture fails on them; one place says what is allowed.
"""
