"""What is noted for the audit log: who did what, to what, and what it was before."""

from uuid import UUID

import msgspec


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the audit log, as a use case tells it. Time, request, IP and agent are the unit of work's to add.

    `action` is `<resource>.<past verb>`. `before` and `after` are the entity, whole: its changes are found by comparing
    them, and what is personal or secret is told apart by what its table declares. `actor` is for those whom nobody knew
    when the request came; everybody else is known to the work. `address` is the e-mail address that was given where no
    tenant is known. `facts` are named, never personal, and stand beside what changed.
    """

    action: str
    subject: UUID | None = None
    actor: UUID | None = None
    address: str | None = None
    before: msgspec.Struct | None = None
    after: msgspec.Struct | None = None
    facts: dict[str, str] = {}
