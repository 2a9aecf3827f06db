"""The calendar's parts of a request or an envelope."""

from dishka import AnyOf, Provider, Scope, provide

from api.calendar_feed import PublicUrl
from domains.appointments import (
    AppointmentQueries,
    BookableResources,
    Booking,
    Calendar,
    CalendarFeeds,
    CalendarFetching,
    CalendarImporting,
    CalendarShelf,
    CalendarSource,
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
from domains.appointments.rederiving import AgreedTimes, Rederiving
from domains.shared.clock import Clock
from domains.shared.work import UnitOfWork
from frontdesk.ingredients import Ingredients
from frontdesk.keys import key_for
from infra.calendars.source import HttpCalendars
from infra.clock import NoEarlier
from infra.outer_http import OuterHttp
from infra.postgres.agreed_times import PostgresAgreedTimes, PostgresZoneRules
from infra.postgres.appointments import PostgresAppointmentQueries, PostgresCalendar, PostgresReminderBook
from infra.postgres.calendar_feeds import KeyedFeedTokens, PostgresFeeds
from infra.postgres.catalogue import PostgresBookableResources, PostgresCatalogueQueries, PostgresServices
from infra.postgres.clock import BusinessClock
from infra.postgres.imported_calendars import PostgresCalendarShelf
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
    def public_url(self, of: Ingredients) -> PublicUrl:
        return PublicUrl(of.public_url)

    @provide(scope=Scope.APP)
    def calendar_source(self, of: Ingredients) -> CalendarSource:
        return HttpCalendars(OuterHttp(inner_allowed=of.inner_allowed))

    @provide
    def calendar_fetching(
        self,
        shelf: CalendarShelf,
        calendar: Calendar,
        source: CalendarSource,
        due: Clock,
        business: BusinessClock,
        work: UnitOfWork,
    ) -> CalendarFetching:  # fmt: skip
        return CalendarFetching(shelf, calendar, source, NoEarlier(due.now(), business), work)

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

    agreed_times = provide(PostgresAgreedTimes, provides=AgreedTimes)
    zone_rules = provide(PostgresZoneRules)
    shelf = provide(PostgresCalendarShelf, provides=AnyOf[PostgresCalendarShelf, CalendarShelf])
    feeds = provide(PostgresFeeds, provides=Feeds)
    waiting_list = provide(PostgresWaitingList, provides=WaitingList)
    waiting_queries = provide(PostgresWaitingQueries, provides=WaitingQueries)

    diary = provide(Diary)
    envoy = provide(Envoy)
    places = provide(Places)

    booking = provide(Booking)
    calendar_feeds = provide(CalendarFeeds)
    calendar_importing = provide(CalendarImporting)
    feed_reading = provide(FeedReading)
    freed_times = provide(FreedTimes)
    holding = provide(Holding)
    offer_letters = provide(OfferLetters)
    offering = provide(Offering)
    online_booking = provide(OnlineBooking)
    rederiving = provide(Rederiving)
    reminding = provide(Reminding)
    resource_keeping = provide(ResourceKeeping)
    schedule_keeping = provide(ScheduleKeeping)
    service_keeping = provide(ServiceKeeping)
    visit_letters = provide(VisitLetters)
    waiting_keeping = provide(WaitingKeeping)
    waiting_online = provide(WaitingOnline)
    waiting_times = provide(WaitingTimes)
