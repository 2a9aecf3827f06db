"""What a business has given to people without a credential: links whose secret stands in the address."""

from tests.support.calendars import EVERY_DAY, new_desk
from tests.support.days import TEN, at, on
from tests.support.house import House
from tests.support.invoices import asked, issued
from tests.support.people import Tenant
from tests.support.quotes import a_quote, moved
from tests.support.visitors import book_online, hold, wait


async def secrets_of(house: House, tenant: Tenant) -> dict[str, dict[str, str]]:
    """By the operation that shows it: the secret part of an address, one that leads somewhere."""
    desk = await new_desk(house, tenant, bookableOnline=True)
    quote = await moved(house, tenant, (await a_quote(house, tenant))["id"], "sent")
    invoice = await issued(house, tenant)
    async with desk.client() as client:
        day_off = {"hours": EVERY_DAY, "exceptions": [{"date": on(1), "periods": []}]}
        assert (await client.put(f"/staff/{desk.staff}/hours", json=day_off)).status_code == 200
    no_time = {"fromAt": at("00:00", day=1), "untilAt": at("00:00", day=2)}
    feed = (await asked(house, tenant, "POST", "/users/me/calendar-feed")).json()["url"]
    bill, offer = (each["publicUrl"].rpartition("token=")[2] for each in (invoice, quote))
    given = {
        "getBillPdf": bill,
        "getHold": (await hold(desk, startsAt=at("13:00"))).json()["token"],
        "getOfferPdf": offer,
        "getOnlineBooking": (await book_online(desk, startsAt=TEN)).json()["token"],
        "getOnlinePlace": (await wait(desk, **no_time)).json()["token"],
        "showBill": bill,
        "showOffer": offer,
    }
    return {
        **{operation: {"token": token} for operation, token in given.items()},
        "readCalendarFeed": {"fileName": feed.rpartition("/")[2]},
    }
