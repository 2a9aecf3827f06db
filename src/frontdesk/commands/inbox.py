"""`frontdesk inbox`."""

from uuid import UUID

import click

from domains.inbox import Replaying
from domains.shared.clock import timestamp
from frontdesk.operator import Operator, operate
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.postgres.inbox import stuck_deliveries

_MOST = 1000


@click.group()
def command() -> None:
    """Webhooks that came in and could not be applied."""


@command.command("list")
def show() -> None:
    """List them: tenant, id, state, since when.

    `parked`: its effect failed too often. `stranded`: what it is about did not come for three days.
    """

    async def listing(operator: Operator) -> list[str]:
        found = await stuck_deliveries(operator.relaying, most=_MOST)
        return [f"{one.tenant} {one.id} {one.state} {timestamp(one.since)}" for one in found]

    for line in operate(Settings.load(), listing):
        click.echo(line)


@command.command()
@click.argument("delivery_id", type=click.UUID)
@click.option("--tenant", type=click.UUID, help="Whose it is; needed for one that is not on the list.")
@click.option("--again", is_flag=True, help="Also where it was applied: then it takes effect a second time.")
def replay(delivery_id: UUID, tenant: UUID | None, *, again: bool) -> None:
    """Have DELIVERY_ID applied as if it had just come."""

    async def replaying(operator: Operator) -> None:
        async with operator.within(tenant or await _tenant_of(operator, delivery_id)) as scope:
            await (await scope.get(Replaying)).replay(delivery_id, again=again)

    operate(Settings.load(), replaying)
    click.echo(f"{delivery_id}: to be applied.")


async def _tenant_of(operator: Operator, delivery_id: UUID) -> UUID:
    for one in await stuck_deliveries(operator.relaying, most=_MOST):
        if one.id == delivery_id:
            return one.tenant
    raise Refusal(f"There is no delivery {delivery_id} on the list: say whose it is with --tenant.")
