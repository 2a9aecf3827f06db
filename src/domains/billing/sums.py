"""What a document comes to: the one place where amounts are added, discounted and taxed.

Amounts are whole numbers in the minor unit of one currency, up to 2^53 - 1. Everything is exact until it is rounded,
half up, once: a line, a percentage, a tax.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import msgspec

LARGEST = 2**53 - 1
"""What every client can hold: the greatest whole number of JavaScript."""

WHOLE = 1_000_000
"""A hundred percent, in ten-thousandths of one."""

Tax = tuple[str, int]
"""The name of a tax, and its rate in ten-thousandths of a percent: 8.875 % is 88,750."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line that counts. `amount` is quantity by price, `discount` its own, at most as large."""

    amount: int
    discount: int
    taxes: frozenset[Tax]

    @property
    def total(self) -> int:
        return self.amount - self.discount


class TaxSum(msgspec.Struct, frozen=True, kw_only=True):
    """What one tax comes to: `rate` in ten-thousandths of a percent, `amount` on `base`, which is net."""

    name: str
    rate: int
    base: int
    amount: int


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """`total` is `subtotal` less `discount_total`, both net, and `tax_total`, which is the sum of `taxes`."""

    subtotal: int
    discount_total: int
    tax_total: int
    taxes: tuple[TaxSum, ...]
    total: int


class _Group(msgspec.Struct, kw_only=True):
    """The lines with one set of taxes: `amount` before all discounts, `rest` after them."""

    taxes: frozenset[Tax]
    amount: int = 0
    rest: int = 0

    @property
    def rate(self) -> int:
        return sum(rate for _, rate in self.taxes)


class _Taxed(msgspec.Struct, frozen=True):
    """What each group comes to net, in the groups' order, and what each tax comes to."""

    nets: list[int]
    amounts: dict[Tax, int]

    @property
    def net(self) -> int:
        return sum(self.nets)


def half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number to a fraction that is not negative; of two as near, the greater."""
    return (2 * numerator + denominator) // (2 * denominator)


def apportioned(total: int, weights: Sequence[Fraction | int]) -> list[int]:
    """`total` in whole parts in proportion to `weights`: what is left goes to the largest remainders, the first first.

    No part is larger than its weight where `total` is not larger than all weights together, and those are whole.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    exact = [Fraction(total) * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    largest_first = sorted(range(len(parts)), key=lambda at: parts[at] - exact[at])
    for at in largest_first[: total - sum(parts)]:
        parts[at] += 1
    return parts


def sums_of(lines: Sequence[Line], *, discount: int, inclusive: bool) -> Sums:
    """What `lines` come to, less `discount`, which is at most their total. `inclusive` prices contain their taxes.

    - The discount is spread over the groups of lines with the same taxes, in proportion to what they come to.
    - A tax is computed on the sum of all that bears it, never line by line.
    - Inclusive: the total is what was asked, less the discounts. Taxes are extracted from it; the rest is net.
    """
    groups = _groups(lines)
    for group, share in zip(groups, apportioned(discount, [each.rest for each in groups]), strict=True):
        group.rest -= share
    rests = [group.rest for group in groups]
    taxed = _extracted(groups, rests) if inclusive else _added(groups, rests)
    tax_total = sum(taxed.amounts.values())
    if inclusive:
        before = _extracted(groups, [group.amount for group in groups]).net
        reduction = max(0, before - taxed.net)
    else:
        reduction = sum(group.amount for group in groups) - taxed.net
    return Sums(
        subtotal=taxed.net + reduction,
        discount_total=reduction,
        tax_total=tax_total,
        taxes=tuple(_tax_sums(groups, taxed)),
        total=taxed.net + tax_total,
    )


def _groups(lines: Iterable[Line]) -> list[_Group]:
    found: dict[frozenset[Tax], _Group] = {}
    for line in lines:
        group = found.setdefault(line.taxes, _Group(taxes=line.taxes))
        group.amount += line.amount
        group.rest += line.total
    return list(found.values())


def _added(groups: Sequence[_Group], nets: list[int]) -> _Taxed:
    """Taxes on top of `nets`."""
    bases = _bases(groups, nets)
    return _Taxed(nets, {key: half_up(base * key[1], WHOLE) for key, base in bases.items()})


def _extracted(groups: Sequence[_Group], grosses: Sequence[int]) -> _Taxed:
    """Taxes that `grosses` contain, and what is net.

    Groups that share a tax are reckoned together, so that what is net and what is tax always add up to the gross.
    """
    nets = [0] * len(groups)
    amounts: dict[Tax, int] = {}
    for places in _connected(groups):
        exact = _exact_taxes((groups[at], grosses[at]) for at in places)
        gross = sum(grosses[at] for at in places)
        rounded = _within(gross, exact)
        amounts |= rounded
        parts = [Fraction(grosses[at] * WHOLE, WHOLE + groups[at].rate) for at in places]
        for at, net in zip(places, apportioned(gross - sum(rounded.values()), parts), strict=True):
            nets[at] = net
    return _Taxed(nets, amounts)


def _exact_taxes(groups: Iterable[tuple[_Group, int]]) -> dict[Tax, Fraction]:
    exact: dict[Tax, Fraction] = {}
    for group, gross in groups:
        for key in sorted(group.taxes):
            exact[key] = exact.get(key, Fraction(0)) + Fraction(gross * key[1], WHOLE + group.rate)
    return exact


def _within(gross: int, exact: Mapping[Tax, Fraction]) -> dict[Tax, int]:
    """Each tax half up. Several of them, rounded up together, may exceed a tiny gross: then the least is given up."""
    rounded = {key: half_up(part.numerator, part.denominator) for key, part in exact.items()}
    dearest_first = sorted(rounded, key=lambda key: exact[key] - rounded[key])
    for key in dearest_first[: max(0, sum(rounded.values()) - gross)]:
        rounded[key] -= 1
    return rounded


def _connected(groups: Sequence[_Group]) -> list[list[int]]:
    """The places of groups that share a tax, directly or by way of others, together."""
    found: list[tuple[set[Tax], list[int]]] = []
    for at, group in enumerate(groups):
        taxes, places = set(group.taxes), [at]
        for other in [each for each in found if each[0] & group.taxes]:
            found.remove(other)
            taxes |= other[0]
            places = other[1] + places
        found.append((taxes, places))
    return [sorted(places) for _, places in found]


def _bases(groups: Sequence[_Group], nets: Sequence[int]) -> dict[Tax, int]:
    bases: dict[Tax, int] = {}
    for group, net in zip(groups, nets, strict=True):
        for key in group.taxes:
            bases[key] = bases.get(key, 0) + net
    return bases


def _tax_sums(groups: Sequence[_Group], taxed: _Taxed) -> Iterable[TaxSum]:
    for (name, rate), base in sorted(_bases(groups, taxed.nets).items()):
        yield TaxSum(name=name, rate=rate, base=base, amount=taxed.amounts[name, rate])
