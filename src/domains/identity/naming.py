"""Names that are made of others: a tenant's slug, a user's name."""

import re
import unicodedata
from uuid import UUID


def slugs_for(tenant_name: str, tenant: UUID) -> list[str]:
    """Slugs to try for a new tenant, best first. The last one holds random digits of its id, and is free."""
    plain = unicodedata.normalize("NFKD", tenant_name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].strip("-") or "tenant"
    if len(base) < len("abc"):
        base = f"{base}-tenant"
    return [base, *(f"{base}-{number}" for number in range(2, 6)), f"{base[:27]}-{tenant.hex[-12:]}"]


def username_from(email: str) -> str:
    """One that fits, of what stands before the `@`."""
    local = re.sub(r"[^a-z0-9._-]+", "-", email.partition("@")[0])[:32]
    return local if len(local) > 1 else f"{local}-user"
