"""The tenant's logo over HTTP: drawn anew, on the papers, and nothing but a picture."""

import json
import struct
import zlib
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image
from pypdf import PdfReader

from tests.support.house import House
from tests.support.people import Tenant
from tests.support.quotes import a_quote
from tests.support.stories import events_of

LOGO = "/tenants/me/logo"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(size: tuple[int, int] = (300, 100), form: str = "PNG", **saved: Any) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, form, **saved)
    return made.getvalue()


def bomb() -> bytes:
    """A few hundred bytes that say they are 60,000 by 60,000 pixels."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1_000))), (b"IEND", b""))
    chunks = (struct.pack(">I", len(of)) + kind + of + struct.pack(">I", zlib.crc32(kind + of)) for kind, of in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


async def put(house: House, tenant: Tenant, content: bytes, kind: str = "image/png", **headers: str) -> httpx.Response:
    async with house.client(tenant.owner.token) as client:
        return await client.put(LOGO, content=content, headers={"Content-Type": kind, **headers})


async def test_a_logo_is_set_shown_and_taken_away(house: House, tenant: Tenant) -> None:
    answer = await put(house, tenant, picture())
    assert answer.status_code == 200, answer.text
    logo = answer.json()["logo"]
    assert (logo["width"], logo["height"], len(logo["sha256"])) == (300, 100, 64)
    async with house.client(tenant.owner.token) as client:
        assert (await client.get("/tenants/me")).json()["logo"] == logo
        shown = await client.get(LOGO)
        assert (shown.headers["Content-Type"], shown.content[:4]) == ("image/png", b"\x89PNG")
        assert (await client.delete(LOGO)).status_code == 204
        assert (await client.get(LOGO)).status_code == 404
        assert (await client.get("/tenants/me")).json()["logo"] is None
    told = [(event["type"], json.loads(event["data"])) for event in await events_of(house, tenant)]
    assert told == [("tenant.updated", {"fields": ["logo"]})] * 2


async def test_a_form_takes_it_too(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.put(LOGO, files={"file": ("logo.jpg", picture(form="JPEG"), "image/jpeg")})
    assert answer.status_code == 200, answer.text


async def test_what_a_file_says_besides_its_pixels_is_gone(house: House, tenant: Tenant) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Taken at home"
    assert (await put(house, tenant, picture((4_000, 500), "JPEG", exif=exif), "image/jpeg")).status_code == 200
    async with house.client(tenant.owner.token) as client:
        content = (await client.get(LOGO)).content
    with Image.open(BytesIO(content)) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == ("PNG", (1200, 150), {})
    assert b"home" not in content


REFUSED = {
    "a drawing": (SVG, "image/png"),
    "a drawing that says so": (SVG, "image/svg+xml"),
    "a page": (b"<html><script>alert(1)</script></html>", "image/png"),
    "another kind of picture": (picture(form="GIF"), "image/png"),
    "half of one": (picture((600, 400))[:100], "image/png"),
    "a bomb": (bomb(), "image/png"),
    "nothing": (b"", "image/png"),
    "too much": (picture() + bytes(2_000_000), "image/png"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_no_picture_is_refused_and_changes_nothing(house: House, tenant: Tenant, what: str) -> None:
    content, kind = REFUSED[what]
    answer = await put(house, tenant, content, kind)
    assert answer.status_code in {400, 413, 415}, answer.text
    async with house.client(tenant.owner.token) as client:
        profile = (await client.get("/tenants/me")).json()
    assert (profile["logo"], profile["version"]) == (None, 1)


async def test_a_version_that_is_over_is_refused(house: House, tenant: Tenant) -> None:
    assert (await put(house, tenant, picture(), **{"If-Match": '"1"'})).status_code == 200
    assert (await put(house, tenant, picture((10, 10)), **{"If-Match": '"1"'})).status_code == 412


async def test_each_tenant_has_its_own(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    assert (await put(house, tenant, picture())).status_code == 200
    async with house.client(other_tenant.owner.token) as client:
        assert (await client.get(LOGO)).status_code == 404


async def test_it_is_on_paper(house: House, tenant: Tenant) -> None:
    quote = await a_quote(house, tenant)
    pictures = []
    async with house.client(tenant.owner.token) as client:
        for content in (None, picture()):
            if content is not None:
                await put(house, tenant, content)
            made = (await client.get(f"/quotes/{quote['id']}/pdf")).content
            pictures.append(len(PdfReader(BytesIO(made)).pages[0].images))
    assert pictures == [0, 1]
