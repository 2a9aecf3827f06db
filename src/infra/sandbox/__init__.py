"""Stand-ins for providers that have no key here: servers of their own, which know nothing of the domains."""
