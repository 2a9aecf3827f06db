"""The process that sets papers: it reads and writes nothing, and nobody waits for it for ever."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
import typst

from domains.billing import PrintedDocument
from domains.shared.errors import Unavailable
from domains.shared.ids import new_id
from infra.documents import compiling
from infra.documents.orders import Order
from infra.documents.press import Press
from infra.documents.shown import document_shown
from infra.documents.typst_documents import TypstDocuments
from infra.mail.catalogues import Catalogues
from tests.support.papers import item, of, said_in, wording


@pytest.fixture
async def press() -> AsyncIterator[Press]:
    press = Press()
    yield press
    await press.close()


def order(paper: PrintedDocument) -> Order:
    return Order(msgspec.json.encode(document_shown(paper, wording(paper))).decode(), date(2026, 11, 21))


def process_of(press: Press) -> int:
    assert press._process is not None
    return press._process.pid


async def test_papers_come_out_one_after_the_other(press: Press) -> None:
    typesetting = TypstDocuments(Catalogues(), press, tenant=new_id)
    first, second = await typesetting.document(of(item("Tap"))), await typesetting.document(of(item("Radiator")))
    assert ("Tap" in said_in(first), "Radiator" in said_in(second)) == (True, True)


async def test_one_that_takes_too_long_is_given_up_and_the_next_is_set(press: Press) -> None:
    press._seconds = 0.0
    with pytest.raises(Unavailable):
        await press.compiled(order(of(item("Tap"))))
    press._seconds = 30.0
    assert len(await press.compiled(order(of(item("Tap"))))) == 1


async def test_of_very_many_at_once_some_are_sent_away_and_the_others_are_served(press: Press) -> None:
    asked = (press.compiled(order(of(item(f"Tap {at}")))) for at in range(40))
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in found] == [list] * 32 + [Unavailable] * 8
    assert len(await press.compiled(order(of(item("Tap"))))) == 1


async def test_a_tenant_that_wants_many_has_two_before_those_of_others(press: Press) -> None:
    flood, other, came = new_id(), new_id(), list[str]()

    async def wanted(tenant: UUID, name: str) -> None:
        try:
            await press.compiled(order(of(item(name))), tenant=tenant)
        except Unavailable:
            name = "sent away"
        came.append(name)

    await asyncio.gather(*(wanted(flood, "flood") for _ in range(18)), wanted(other, "other"))
    assert sorted(came) == ["flood"] * 16 + ["other"] + ["sent away"] * 2
    assert came.index("other") <= came.index("flood") + 2, came


async def test_when_it_is_killed_another_takes_its_place(press: Press) -> None:
    await press.compiled(order(of(item("Tap"))))
    os.kill(process_of(press), signal.SIGKILL)
    with contextlib.suppress(Unavailable):
        await press.compiled(order(of(item("Tap"))))
    assert len(await press.compiled(order(of(item("Tap"))))) == 1


async def test_what_cannot_be_set_is_unavailable_and_harms_no_other(press: Press) -> None:
    with pytest.raises(Unavailable):
        await press.compiled(Order('{"title": 1}', date(2026, 11, 21)))
    assert len(await press.compiled(order(of(item("Tap"))))) == 1


async def test_it_has_no_secrets_and_writes_no_file(press: Press) -> None:
    await press.compiled(order(of(item("Tap"))))
    of_it = Path(f"/proc/{process_of(press)}")
    assert (of_it / "environ").read_bytes() == b""
    limits = {line[:26].strip(): line[26:].split()[0] for line in (of_it / "limits").read_text().splitlines()}
    assert limits["Max file size"] == "0"
    assert limits["Max address space"] != "unlimited"


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../../pyproject.toml", "/../../etc/passwd"])
def test_even_markup_could_read_nothing_outside_of_its_folder(path: str) -> None:
    found = compiling.Compiler()._typst
    with pytest.raises(typst.TypstError):
        found.compile(input=f'#read("{path}")'.encode(), format="pdf")
