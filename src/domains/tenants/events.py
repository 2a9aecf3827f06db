"""What happens to tenants."""

from domains.shared.events import Event


class TenantChanged(Event, frozen=True):
    """`fields` names what changed, not what it changed to."""

    type = "tenant.updated"

    fields: list[str]
