"""The parts of imports and exports of customers, of a request, an envelope or a chunk."""

from dishka import Provider, Scope, provide

from domains.customers.exporting import CustomerExport, CustomerShapes
from domains.customers.importing import (
    ForgettingImports,
    HomeCountry,
    ImportedCustomers,
    Importing,
    ImportJobs,
    ImportReportQueries,
    ImportReports,
    Imports,
    Matching,
    Uploads,
)
from infra.files.uploads import StoredUploads
from infra.postgres.customer_imports import PostgresHomeCountry, PostgresImportReportQueries, PostgresImportReports
from infra.postgres.customer_shapes import PostgresCustomerShapes
from infra.postgres.imported_customers import PostgresImportedCustomers


class CustomerFilesParts(Provider):
    """Customers from files, and into them."""

    scope = Scope.REQUEST

    home = provide(PostgresHomeCountry, provides=HomeCountry)
    uploads = provide(StoredUploads, provides=Uploads)
    customers = provide(PostgresImportedCustomers, provides=ImportedCustomers)
    reports = provide(PostgresImportReports, provides=ImportReports)
    report_queries = provide(PostgresImportReportQueries, provides=ImportReportQueries)

    matching = provide(Matching)
    import_jobs = provide(ImportJobs)
    imports = provide(Imports)
    importing = provide(Importing)
    forgetting = provide(ForgettingImports)
    shapes = provide(PostgresCustomerShapes, provides=CustomerShapes)
    export = provide(CustomerExport)
