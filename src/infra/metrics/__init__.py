"""What a process counts and times for Prometheus, and what alerts are raised from.

Labels are bounded: a method is one of nine or OTHER, a route is its template (`unmatched` where there is none), a
status is its class, subscribers and providers are those of the code. None holds an id, or what a caller wrote.

A process has one registry and one port. Where several API processes share a port, `PROMETHEUS_MULTIPROC_DIR` would be
needed, and the gauges would have to say how they add up: run them on ports of their own instead.
"""
