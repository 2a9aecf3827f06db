"""What happens to services, resources, schedules and visits."""

from domains.customers import OfCustomer
from domains.shared.events import FieldsChanged


class ServiceChanged(FieldsChanged, frozen=True):
    """A service is new, different or archived."""

    type = "service.updated"


class ResourceChanged(FieldsChanged, frozen=True):
    """A resource is new, different or archived."""

    type = "resource.updated"


class ScheduleChanged(FieldsChanged, frozen=True):
    """Somebody's hours, time off, or calendars elsewhere are different. The subject is the user."""

    type = "schedule.updated"


class BookingPolicyChanged(FieldsChanged, frozen=True):
    """The subject is the tenant."""

    type = "booking_policy.updated"


class AppointmentBooked(OfCustomer, frozen=True):
    """A visit is in the calendar."""

    type = "appointment.booked"


class AppointmentChanged(OfCustomer, frozen=True):
    """`fields` names what changed, not what it changed to."""

    type = "appointment.updated"

    fields: list[str]


class AppointmentConfirmed(OfCustomer, frozen=True):
    type = "appointment.confirmed"


class AppointmentCompleted(OfCustomer, frozen=True):
    type = "appointment.completed"


class AppointmentCancelled(OfCustomer, frozen=True):
    type = "appointment.cancelled"


class AppointmentMissed(OfCustomer, frozen=True):
    """The customer did not come."""

    type = "appointment.missed"


class AppointmentReminded(OfCustomer, frozen=True):
    """The customer is written to, so as not to forget it."""

    type = "appointment.reminded"
