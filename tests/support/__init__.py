"""What tests of all rooms share: a database, the application over it, people of several tenants."""
