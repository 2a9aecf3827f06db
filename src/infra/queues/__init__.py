"""Queues: which worker does what, soon. What they hold may be lost; `work.jobs` says what has to be done."""
