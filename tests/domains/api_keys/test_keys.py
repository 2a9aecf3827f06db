"""What a key may is never more than what its maker may."""

import pytest

from domains.api_keys import ApiKey, CreateApiKey
from domains.shared.errors import Forbidden
from domains.shared.permissions import Permission, Role
from tests.support.fakes import NOON, actor

WANTED = (Permission.AUDIT_READ, Permission.CUSTOMERS_READ)


def make(role: Role, *scopes: Permission) -> tuple[Permission, ...]:
    return ApiKey.make(CreateApiKey(name="Sync", scopes=scopes), actor(role), text="fd_live_1", now=NOON).scopes


def test_a_scope_that_its_maker_lacks_is_forbidden() -> None:
    assert make(Role.ADMIN, *WANTED) == WANTED
    assert make(Role.STAFF, Permission.CUSTOMERS_READ) == (Permission.CUSTOMERS_READ,)
    with pytest.raises(Forbidden, match="audit:read"):
        make(Role.STAFF, *WANTED)
