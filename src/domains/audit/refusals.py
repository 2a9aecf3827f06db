"""What callers who are known were refused."""

from domains.shared.audit import Note
from domains.shared.work import UnitOfWork


class Refusals:
    """Notes refusals. It asks for no permission: it is about those who lack one."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    async def note(self, operation: str) -> None:
        """The caller may not do `operation` (`DELETE /api/v1/customers/:customerId`)."""
        async with self.work:
            self.work.note(Note(action="access.refused", facts={"operation": operation}))
