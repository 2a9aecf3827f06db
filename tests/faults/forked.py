"""Processes that are killed start at once: forked from one that has loaded what they run."""

import multiprocessing

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(
    ["tests.faults.job_worker", "tests.faults.killed_numberers", "tests.faults.killed_workers"]
)
