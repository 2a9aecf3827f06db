"""The rules of the schema, each a question to Postgres' own catalogue. Attacks C1 1-4, 11-15, 18, 23, 30, 31 and 35."""

from tests.security.catalogue import functions, keys, roles, tables
from tests.security.catalogue.rule import Rule

RULES: dict[str, Rule] = {rule.name: rule for part in (roles, tables, keys, functions) for rule in part.RULES}

__all__ = ["RULES", "Rule"]
