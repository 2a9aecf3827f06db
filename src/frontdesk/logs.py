"""Structured logs: lines for people in development, JSON in production. Neither holds what another wrote into it.

Our code logs through structlog. What comes through the standard library is of others, who quote statements, addresses
and frames when they are talkative: of them only warnings are heard, and uvicorn's `started` and `stopped`.
"""

import json
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO, cast

import msgspec
import structlog
from structlog.typing import EventDict, Processor

from frontdesk import tracebacks
from frontdesk.settings import LogFormat, Settings
from infra.reports import Reports

_SERVER = "uvicorn"


def configure_logs(settings: Settings, *, reports: Reports | None = None, to: TextIO | None = None) -> None:
    """Set up this process's logs, on stderr unless said otherwise. Errors with an exception go to `reports` as well."""
    stream = to or sys.stderr
    level = logging.getLevelNamesMapping()[settings.log_level.value]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([_reporting(reports)] if reports else []),
        tracebacks.formatted,
    ]
    as_json = settings.log_format is LogFormat.JSON
    rendering: list[Processor] = (
        [structlog.processors.EventRenamer("message"), structlog.processors.JSONRenderer(_as_json)]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[*shared, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", Unfailing(stream))),
        cache_logger_on_first_use=True,
    )
    _hear_others(stream, level, shared, rendering)


class Unfailing:
    """A stream that takes what it is given, and loses what cannot be written: a full disk stops no request."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def _as_json(event: EventDict, *, default: Callable[[Any], Any]) -> str:
    """In ASCII. Of plain values, as nearly all lines are, msgspec makes it in a tenth of the time."""
    with suppress(TypeError, ValueError, OverflowError, msgspec.MsgspecError):
        text = msgspec.json.encode(event, enc_hook=default).decode()
        if text.isascii():
            return text
    return json.dumps(event, default=default)


def _hear_others(stream: TextIO, level: int, shared: list[Processor], rendering: list[Processor]) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
    logging.getLogger(_SERVER).setLevel(max(level, logging.INFO))


def _reporting(reports: Reports) -> Processor:
    """Report what is logged as an error with an exception: nobody expected that."""

    def report(_logger: object, _name: str, event: EventDict) -> EventDict:
        error = tracebacks.error_of(event)
        if error and event.get("level") in {"error", "critical"}:
            reports.exception(error, logged_as=str(event.get("event"))[:100], ids=event)
        return event

    return report
