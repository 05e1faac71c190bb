"""The doors for people and programs outside: customers, telephone systems' forms, platforms' pushes. Nobody signs in.

Every one is bounded and rate-limited, believes only what is signed, and shows a customer only their own.
"""
