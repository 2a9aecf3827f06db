"""Users' parts of a request or an envelope."""

from dishka import Provider, Scope, provide

from domains.users import (
    Administration,
    Departures,
    ErasingAgain,
    Leaving,
    Memberships,
    Profiles,
    SuspensionLetters,
    UserQueries,
    Users,
)
from infra.postgres.user_queries import PostgresUserQueries
from infra.postgres.users import PostgresDepartures, PostgresMemberships, PostgresUsers


class UsersParts(Provider):
    """The people of a tenant."""

    scope = Scope.REQUEST

    users = provide(PostgresUsers, provides=Users)
    memberships = provide(PostgresMemberships, provides=Memberships)
    departures = provide(PostgresDepartures, provides=Departures)
    queries = provide(PostgresUserQueries, provides=UserQueries)

    administration = provide(Administration)
    erasing_again = provide(ErasingAgain)
    leaving = provide(Leaving)
    profiles = provide(Profiles)
    suspension_letters = provide(SuspensionLetters)
