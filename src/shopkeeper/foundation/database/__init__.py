"""The engine under the house: the embedded PostgreSQL server, addresses of databases, and scratch databases."""
