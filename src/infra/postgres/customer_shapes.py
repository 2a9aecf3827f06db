"""What a table of the tenant's customers must have room for."""

from domains.customers.exporting import CustomerShape
from infra.postgres.work import PostgresWork

_SHAPE = """
    select (select coalesce(max(jsonb_array_length(addresses)), 0) from customers) as addresses,
           array(
               select distinct jsonb_object_keys(custom) as key from customers where custom <> '{}' order by key
           ) as keys
"""


class PostgresCustomerShapes:
    """The `CustomerShapes` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def shape(self) -> CustomerShape:
        [row] = await self._work.connection.fetch(_SHAPE)
        return CustomerShape(row["addresses"], tuple(row["keys"]))
