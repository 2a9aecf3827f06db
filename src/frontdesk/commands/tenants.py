"""`frontdesk tenants`."""

import asyncio
from collections.abc import Awaitable, Callable

import click

from domains.shared.errors import DomainError
from domains.shared.plans import Plan
from domains.tenants import Operating, TenantLine
from frontdesk.founding import founded
from frontdesk.operators import at_work, operators_desk
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings

_PAGE = 200
_PLANS = click.Choice([plan.value for plan in Plan])


@click.group()
def command() -> None:
    """Look after tenants, as the platform's operator. Needs the database's owner (DATABASE_OWNER_URL)."""


@command.command("list")
def list_tenants() -> None:
    """List all tenants by slug: slug, state, plan, members, name."""
    asyncio.run(_list())


@command.command()
@click.argument("slug")
def show(slug: str) -> None:
    """Show one tenant."""
    _change(lambda operating: operating.show(slug))


@command.command()
@click.argument("name")
@click.option("--owner-email", required=True, help="The owner's address; it must have no account yet.")
@click.option("--owner-name", required=True)
def create(name: str, owner_email: str, owner_name: str) -> None:
    """Make a tenant and its owner, and print the owner's first password."""
    made = asyncio.run(founded(Settings.load(), name=name, email=owner_email, owner=owner_name))
    click.echo(f"{made.slug}\n{made.email} / {made.password}")


@command.command()
@click.argument("slug")
def suspend(slug: str) -> None:
    """Let nobody of a tenant in; who is in is out within a second."""
    _change(lambda operating: operating.suspend(slug))


@command.command()
@click.argument("slug")
def activate(slug: str) -> None:
    """Let the people of a tenant in again."""
    _change(lambda operating: operating.activate(slug))


@command.command("set-plan")
@click.argument("slug")
@click.argument("plan", type=_PLANS)
def set_plan(slug: str, plan: str) -> None:
    """Put a tenant on another plan."""
    _change(lambda operating: operating.put_on(slug, Plan(plan)))


@command.command()
@click.argument("slug")
def delete(slug: str) -> None:
    """Close a tenant: all of its data go after thirty days, until when an owner can restore it."""
    _change(lambda operating: operating.close(slug))


def _change(verb: Callable[[Operating], Awaitable[TenantLine]]) -> None:
    line = asyncio.run(_carried_out(verb))
    shown = {
        "slug": line.slug,
        "name": line.name,
        "id": line.id,
        "state": line.state,
        "plan": line.plan.value,
        "members": line.members,
        "created": line.created_at.isoformat(timespec="seconds"),
        "deleted on": line.deletes_at.date() if line.deletes_at else "-",
    }
    for name, value in shown.items():
        click.echo(f"{name:<12}{value}")


async def _carried_out(verb: Callable[[Operating], Awaitable[TenantLine]]) -> TenantLine:
    async with operators_desk(Settings.load()) as desk, at_work(desk) as scope:
        try:
            return await verb(await scope.get(Operating))
        except DomainError as refusal:
            raise Refusal(refusal.detail) from None


async def _list() -> None:
    async with operators_desk(Settings.load()) as desk, at_work(desk) as scope:
        operating, after = await scope.get(Operating), ""
        while page := await operating.page(after=after, most=_PAGE):
            for line in page:
                click.echo(f"{line.slug:<40} {line.state:<9} {line.plan.value:<9} {line.members:>6}  {line.name}")
            after = page[-1].slug
