"""What happens to services, resources, schedules and visits."""

from uuid import UUID

from domains.shared.events import Event


class ServiceChanged(Event, frozen=True):
    """A service is new, different or archived. `fields` names what is different."""

    type = "service.updated"

    fields: list[str]


class ResourceChanged(Event, frozen=True):
    """A resource is new, different or archived. `fields` names what is different."""

    type = "resource.updated"

    fields: list[str]


class ScheduleChanged(Event, frozen=True):
    """Somebody's hours, time off, or calendars elsewhere are different. The subject is the user."""

    type = "schedule.updated"

    fields: list[str]


class BookingPolicyChanged(Event, frozen=True):
    """The subject is the tenant."""

    type = "booking_policy.updated"

    fields: list[str]


class AppointmentBooked(Event, frozen=True):
    """A visit is in the calendar."""

    type = "appointment.booked"

    customer_id: UUID


class AppointmentChanged(Event, frozen=True):
    """`fields` names what changed, not what it changed to."""

    type = "appointment.updated"

    customer_id: UUID
    fields: list[str]


class AppointmentConfirmed(Event, frozen=True):
    type = "appointment.confirmed"

    customer_id: UUID


class AppointmentCompleted(Event, frozen=True):
    type = "appointment.completed"

    customer_id: UUID


class AppointmentCancelled(Event, frozen=True):
    type = "appointment.cancelled"

    customer_id: UUID


class AppointmentMissed(Event, frozen=True):
    """The customer did not come."""

    type = "appointment.missed"

    customer_id: UUID
