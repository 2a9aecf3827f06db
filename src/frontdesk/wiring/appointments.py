"""The calendar's parts of a request or an envelope."""

from dishka import Provider, Scope, provide

from domains.appointments import (
    AppointmentQueries,
    BookableResources,
    Booking,
    Calendar,
    CalendarFeeds,
    CatalogueQueries,
    Diary,
    Envoy,
    FeedReading,
    Feeds,
    FeedTokens,
    FreedTimes,
    Holding,
    Offering,
    OfferLetters,
    OnlineBooking,
    Places,
    ReminderBook,
    Reminding,
    ResourceKeeping,
    ScheduleKeeping,
    ScheduleQueries,
    Schedules,
    ServiceKeeping,
    Services,
    Storefront,
    VisitLetters,
    WaitingKeeping,
    WaitingList,
    WaitingOnline,
    WaitingQueries,
    WaitingTimes,
)
from frontdesk.ingredients import Ingredients
from frontdesk.keys import key_for
from infra.postgres.appointments import PostgresAppointmentQueries, PostgresCalendar, PostgresReminderBook
from infra.postgres.calendar_feeds import KeyedFeedTokens, PostgresFeeds
from infra.postgres.catalogue import PostgresBookableResources, PostgresCatalogueQueries, PostgresServices
from infra.postgres.staff_schedules import PostgresScheduleQueries, PostgresSchedules
from infra.postgres.storefront import DoorKeys, PostgresStorefront
from infra.postgres.waiting_list import PostgresWaitingList, PostgresWaitingQueries


class AppointmentsParts(Provider):
    """What is offered, who works when, and what is booked."""

    scope = Scope.REQUEST

    @provide(scope=Scope.APP)
    def feed_tokens(self, of: Ingredients) -> FeedTokens:
        return KeyedFeedTokens(key_for("calendar-feeds", of.secret))

    @provide(scope=Scope.APP)
    def door_keys(self, of: Ingredients) -> DoorKeys:
        return DoorKeys(key_for("doors", of.secret))

    calendar = provide(PostgresCalendar, provides=Calendar)
    services = provide(PostgresServices, provides=Services)
    resources = provide(PostgresBookableResources, provides=BookableResources)
    schedules = provide(PostgresSchedules, provides=Schedules)
    storefront = provide(PostgresStorefront, provides=Storefront)
    reminder_book = provide(PostgresReminderBook, provides=ReminderBook)
    queries = provide(PostgresAppointmentQueries, provides=AppointmentQueries)
    catalogue_queries = provide(PostgresCatalogueQueries, provides=CatalogueQueries)
    schedule_queries = provide(PostgresScheduleQueries, provides=ScheduleQueries)

    feeds = provide(PostgresFeeds, provides=Feeds)
    waiting_list = provide(PostgresWaitingList, provides=WaitingList)
    waiting_queries = provide(PostgresWaitingQueries, provides=WaitingQueries)

    diary = provide(Diary)
    envoy = provide(Envoy)
    places = provide(Places)

    booking = provide(Booking)
    calendar_feeds = provide(CalendarFeeds)
    feed_reading = provide(FeedReading)
    freed_times = provide(FreedTimes)
    holding = provide(Holding)
    offer_letters = provide(OfferLetters)
    offering = provide(Offering)
    online_booking = provide(OnlineBooking)
    reminding = provide(Reminding)
    resource_keeping = provide(ResourceKeeping)
    schedule_keeping = provide(ScheduleKeeping)
    service_keeping = provide(ServiceKeeping)
    visit_letters = provide(VisitLetters)
    waiting_keeping = provide(WaitingKeeping)
    waiting_online = provide(WaitingOnline)
    waiting_times = provide(WaitingTimes)
