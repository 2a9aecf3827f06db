"""Calendars of others, in iCalendar format (RFC 5545)."""
