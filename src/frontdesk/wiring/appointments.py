"""The calendar's parts of a request or an envelope."""

from dishka import Provider, Scope, provide

from domains.appointments import (
    AppointmentQueries,
    BookableResources,
    Booking,
    Calendar,
    CatalogueQueries,
    Offering,
    OnlineBooking,
    ReminderBook,
    Reminding,
    ResourceKeeping,
    ScheduleKeeping,
    ScheduleQueries,
    Schedules,
    ServiceKeeping,
    Services,
    Storefront,
)
from infra.postgres.appointments import PostgresAppointmentQueries, PostgresCalendar, PostgresReminderBook
from infra.postgres.catalogue import PostgresBookableResources, PostgresCatalogueQueries, PostgresServices
from infra.postgres.staff_schedules import PostgresScheduleQueries, PostgresSchedules
from infra.postgres.storefront import PostgresStorefront


class AppointmentsParts(Provider):
    """What is offered, who works when, and what is booked."""

    scope = Scope.REQUEST

    calendar = provide(PostgresCalendar, provides=Calendar)
    services = provide(PostgresServices, provides=Services)
    resources = provide(PostgresBookableResources, provides=BookableResources)
    schedules = provide(PostgresSchedules, provides=Schedules)
    storefront = provide(PostgresStorefront, provides=Storefront)
    reminder_book = provide(PostgresReminderBook, provides=ReminderBook)
    queries = provide(PostgresAppointmentQueries, provides=AppointmentQueries)
    catalogue_queries = provide(PostgresCatalogueQueries, provides=CatalogueQueries)
    schedule_queries = provide(PostgresScheduleQueries, provides=ScheduleQueries)

    booking = provide(Booking)
    offering = provide(Offering)
    online_booking = provide(OnlineBooking)
    reminding = provide(Reminding)
    resource_keeping = provide(ResourceKeeping)
    schedule_keeping = provide(ScheduleKeeping)
    service_keeping = provide(ServiceKeeping)
