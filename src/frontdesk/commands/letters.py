"""`frontdesk letters`."""

from uuid import UUID

import click

from domains.letters import RaisedLetters
from domains.shared.clock import timestamp
from frontdesk.operator import Operator, operate
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.postgres.unsettled import unsettled

_MOST = 1000
_VENDOR = "mail"


@click.group()
def command() -> None:
    """Letters of which nobody can tell whether they were taken, and those that were refused."""


@command.command("list")
def show() -> None:
    """List them: tenant, id, state, since when. `unknown` wants a decision, `failed` does not."""

    async def listing(operator: Operator) -> list[str]:
        found = await unsettled(operator.relaying, _VENDOR, most=_MOST)
        return [f"{one.tenant} {one.id} {one.state} {timestamp(one.since)}" for one in found]

    for line in operate(Settings.load(), listing):
        click.echo(line)


@command.command()
@click.argument("letter_id", type=click.UUID)
def resend(letter_id: UUID) -> None:
    """Send LETTER_ID again, which is in doubt: its reader may get it twice."""

    async def sending(operator: Operator) -> None:
        async with operator.within(await _tenant_of(operator, letter_id)) as scope:
            await (await scope.get(RaisedLetters)).resend(letter_id)

    operate(Settings.load(), sending)
    click.echo(f"{letter_id}: to be sent again.")


@command.command()
@click.argument("letter_id", type=click.UUID)
def dismiss(letter_id: UUID) -> None:
    """Leave LETTER_ID, which is in doubt, as it is: its reader may never get it."""

    async def leaving(operator: Operator) -> None:
        async with operator.within(await _tenant_of(operator, letter_id)) as scope:
            await (await scope.get(RaisedLetters)).dismiss(letter_id)

    operate(Settings.load(), leaving)
    click.echo(f"{letter_id}: dismissed.")


async def _tenant_of(operator: Operator, letter_id: UUID) -> UUID:
    for one in await unsettled(operator.relaying, _VENDOR, most=_MOST):
        if one.id == letter_id:
            return one.tenant
    raise Refusal(f"There is no letter {letter_id} in doubt.")
