"""Postgres: the embedded server, roles and migrations, and the domains' ports on tables."""
