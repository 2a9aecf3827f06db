"""Alerts: a process looks at itself every few seconds, and says so when something stays wrong, and when it is over."""
