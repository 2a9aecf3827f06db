"""`frontdesk tenants`."""

import asyncio
from collections.abc import Awaitable, Callable
from types import MappingProxyType

import click

from domains.shared.limits import LimitName
from domains.shared.plans import OWN_RATES, Plan, Quota
from domains.tenants import Operating, TenantLine
from frontdesk.lazy import Lazy, LazyGroup
from frontdesk.operating import operating
from frontdesk.rate_limits import rates_of, written
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings

_PAGE = 200
_PLANS = click.Choice([plan.value for plan in Plan])
_QUOTAS = click.Choice([quota.value for quota in Quota])
_RATES = click.Choice([name.value for name in OWN_RATES])
_AS_THE_PLAN, _UNLIMITED = "plan", "unlimited"
_DIGITS = 15


class _Commands(LazyGroup):
    lazy = MappingProxyType({"create": Lazy("frontdesk.commands.tenants_create", "Make a tenant and its owner.")})


@click.group(cls=_Commands)
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
    _change(lambda desk: desk.show(slug))


@command.command()
@click.argument("slug")
def suspend(slug: str) -> None:
    """Let nobody of a tenant in; who is in is out within a second."""
    _change(lambda desk: desk.suspend(slug))


@command.command()
@click.argument("slug")
def activate(slug: str) -> None:
    """Let the people of a tenant in again."""
    _change(lambda desk: desk.activate(slug))


@command.command("set-plan")
@click.argument("slug")
@click.argument("plan", type=_PLANS)
def set_plan(slug: str, plan: str) -> None:
    """Put a tenant on another plan."""
    _change(lambda desk: desk.put_on(slug, Plan(plan)))


@command.command("set-quota")
@click.argument("slug")
@click.argument("quota", type=_QUOTAS)
@click.argument("most")
def set_quota(slug: str, quota: str, most: str) -> None:
    """Say how much of something a tenant may have: a number, `unlimited`, or `plan` for what its plan gives."""
    named = Quota(quota)
    if most == _AS_THE_PLAN:
        _change(lambda desk: desk.drop_quota(slug, named))
        return
    if most != _UNLIMITED and not (most.isascii() and most.isdigit() and len(most) <= _DIGITS):
        raise Refusal(f"{most} is neither a number, nor `{_UNLIMITED}`, nor `{_AS_THE_PLAN}`.")
    _change(lambda desk: desk.set_quota(slug, named, None if most == _UNLIMITED else int(most)))


@command.command("set-rate")
@click.argument("slug")
@click.argument("name", type=_RATES)
@click.argument("rates")
def set_rate(slug: str, name: str, rates: str) -> None:
    """Say how often a user of a tenant may do something: `200/1m,5000/1h`, or `plan` for what its plan gives."""
    named = LimitName(name)
    if rates == _AS_THE_PLAN:
        _change(lambda desk: desk.drop_rates(slug, named))
        return
    found = rates_of(rates)
    if found is None:
        raise Refusal(f"{rates} is neither such as 100/1m,1000/1h, nor `{_AS_THE_PLAN}`.")
    _change(lambda desk: desk.set_rates(slug, named, found))


@command.command()
@click.argument("slug")
def delete(slug: str) -> None:
    """Close a tenant: all of its data go after thirty days, until when an owner can restore it."""
    _change(lambda desk: desk.close(slug))


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
    for name, value in {**shown, **_limits(line)}.items():
        click.echo(f"{name:<18}{value}")


def _limits(line: TenantLine) -> dict[str, str]:
    """What the tenant has of its own."""
    quotas = {quota.value: _UNLIMITED if most is None else str(most) for quota, most in line.limits.quotas.items()}
    rates = {name.value: written(rates) for name, rates in line.limits.rates.items()}
    return {**quotas, **rates}


async def _carried_out(verb: Callable[[Operating], Awaitable[TenantLine]]) -> TenantLine:
    async with operating(Settings.load()) as desk:
        return await verb(desk)


async def _list() -> None:
    async with operating(Settings.load()) as desk:
        after = ""
        while page := await desk.page(after=after, most=_PAGE):
            for line in page:
                click.echo(f"{line.slug:<40} {line.state:<9} {line.plan.value:<9} {line.members:>6}  {line.name}")
            after = page[-1].slug
