"""The jobs of imports of customers, and what clears up after them."""

from types import MappingProxyType

from domains.customers.importing import CUSTOMER_IMPORT, FORGET_IMPORT, FORGET_UPLOAD, ForgettingImports, Importing
from domains.jobs import JobKind
from workers.follow_ups import FollowUp, FollowUps, at_its_time
from workers.jobs import JobWorks, in_chunks

CUSTOMER_IMPORT_JOBS: JobWorks = MappingProxyType(
    dict([in_chunks(JobKind(name=CUSTOMER_IMPORT), Importing, Importing.go_on)])
)

CUSTOMER_IMPORT_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        FORGET_IMPORT: at_its_time(ForgettingImports, ForgettingImports.forget_report),
        # Files are outside the database: deleting them is repeated until it has been done.
        FORGET_UPLOAD: FollowUp(
            capability=ForgettingImports, verb=ForgettingImports.forget_upload, of_event=False, settles=False
        ),
    }
)
