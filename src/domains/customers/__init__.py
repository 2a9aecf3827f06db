"""Customers: whom a business serves."""

from domains.customers.events import CustomerArchived, CustomerChanged, CustomerCreated
from domains.customers.model import Address, ChangeCustomer, CreateCustomer, Customer
from domains.customers.ports import CustomerFilter, CustomerQueries, Customers
from domains.customers.record_keeping import RecordKeeping
from domains.customers.views import CustomerView

__all__ = [
    "Address",
    "ChangeCustomer",
    "CreateCustomer",
    "Customer",
    "CustomerArchived",
    "CustomerChanged",
    "CustomerCreated",
    "CustomerFilter",
    "CustomerQueries",
    "CustomerView",
    "Customers",
    "RecordKeeping",
]
