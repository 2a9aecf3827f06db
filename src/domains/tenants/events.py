"""What happens to tenants."""

from domains.shared.events import Event, FieldsChanged


class FeaturesChanged(Event, frozen=True):
    """`features` names those that are switched otherwise now. The subject is the tenant."""

    type = "features.updated"

    features: list[str]


class IntegrationChanged(Event, frozen=True):
    """A connection was made, changed or removed. The subject is the tenant."""

    type = "integration.updated"

    provider: str


class TenantActivated(Event, frozen=True):
    """Its operator lets its people in again."""

    type = "tenant.activated"


class TenantSuspended(Event, frozen=True):
    """Its operator lets nobody in."""

    type = "tenant.suspended"


class TenantClosed(Event, frozen=True):
    """The owner wants it gone: it will be deleted when the grace is over."""

    type = "tenant.closed"


class TenantReopened(Event, frozen=True):
    """It will not be deleted after all."""

    type = "tenant.reopened"


class TenantChanged(FieldsChanged, frozen=True):
    type = "tenant.updated"
