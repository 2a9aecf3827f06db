"""Open sockets and event streams: `docs/real-time.md` tells clients of them.

A hub in each process reads the event log for the tenants that have somebody here, encodes a frame once, and puts it
into the bounded outbox of each subscriber who may hear it. A socket and an event stream differ only in how they empty
theirs.
"""
