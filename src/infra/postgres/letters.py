"""Letters in Postgres."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from domains.letters import Letter, LetterCall
from domains.letters.model import Kept
from domains.shared.vendors import CallState
from infra.postgres.unsettled import raise_call, settle_call
from infra.postgres.work import PostgresWork

_VENDOR = "mail"
_LOCALE = "select locale, timezone from tenants"
_ADD = """
    insert into letters (tenant_id, id, recipient, template, language, timezone, words, may_repeat, prepared_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing
"""
_REOPEN = """
    update letters set state = 'pending', told = null, settled_at = null where id = $1 and may_repeat returning attempt
"""
_FIND = """
    select id, recipient, template, language, timezone, words, may_repeat, state, attempt, tries, prepared_at
    from letters where id = $1
"""
_BEGIN = """
    update letters set state = 'calling', attempt = attempt + 1 where id = $1 and state = 'pending' and attempt = $2
"""
_SETTLE = """
    update letters
    set state = $2, told = $4, settled_at = case when $2 in ('done', 'failed') then now() end,
        words = case when $2 not in ('done', 'failed') then words end
    where id = $1 and attempt = $3 and state not in ('done', 'failed')
"""
_PUT_OFF = "update letters set tries = tries + 1 where id = $1"
_RESEND = "update letters set state = 'pending' where id = $1 and state = 'unknown' and words is not null"
_DISMISS = "update letters set state = 'failed', words = null, settled_at = now() where id = $1 and state = 'unknown'"
_FORGET = "delete from letters where id = $1"
_ONE = "UPDATE 1"


class PostgresLetterBook:
    """The `LetterBook`. What is in doubt, or was refused, is listed for operators, by its id."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def locale(self) -> tuple[str | None, str | None]:
        row = await self._work.connection.fetchrow(_LOCALE)
        return (row["locale"], row["timezone"]) if row else (None, None)

    async def add(self, letter_id: UUID, letter: Letter, *, now: datetime) -> bool:
        words = None if letter.is_secret else msgspec.json.encode(letter.words).decode()
        answer = await self._work.connection.execute(
            _ADD, self._work.tenant, letter_id, letter.to, letter.template, letter.language, letter.timezone, words,
            letter.is_secret, now,
        )  # fmt: skip
        return bool(answer == "INSERT 0 1")

    async def reopen(self, letter_id: UUID) -> int:
        await settle_call(self._work, letter_id)
        return int(await self._work.connection.fetchval(_REOPEN, letter_id) or 0)

    async def find(self, letter_id: UUID) -> Kept | None:
        row = await self._work.connection.fetchrow(_FIND, letter_id)
        return _kept(row) if row else None

    async def begin(self, call: UUID, *, attempt: int) -> bool:
        return bool(await self._work.connection.execute(_BEGIN, call, attempt) == _ONE)

    async def settle(self, call: UUID, state: CallState, *, attempt: int, told: str | None) -> bool:
        if await self._work.connection.execute(_SETTLE, call, state.value, attempt, told) != _ONE:
            return False
        if state in {CallState.UNKNOWN, CallState.FAILED}:
            await raise_call(self._work, call, vendor=_VENDOR, state=state)
        else:
            await settle_call(self._work, call)
        return True

    async def put_off(self, letter_id: UUID) -> None:
        await self._work.connection.execute(_PUT_OFF, letter_id)

    async def answer_for(self, letter_id: UUID, *, resend: bool) -> bool:
        answer = await self._work.connection.execute(_RESEND if resend else _DISMISS, letter_id)
        await settle_call(self._work, letter_id)
        return bool(answer == _ONE)

    async def forget(self, letter_id: UUID) -> None:
        await settle_call(self._work, letter_id)
        await self._work.connection.execute(_FORGET, letter_id)


def _kept(row: asyncpg.Record) -> Kept:
    words: dict[str, Any] = row["words"] or {}
    letter = Letter(
        to=row["recipient"],
        template=row["template"],
        words=words,
        language=row["language"],
        timezone=row["timezone"],
    )
    call = LetterCall(
        id=row["id"],
        order=letter,
        state=CallState(row["state"]),
        attempt=row["attempt"],
        may_repeat=row["may_repeat"],
    )
    return Kept(call=call, prepared_at=row["prepared_at"], tries=row["tries"])
