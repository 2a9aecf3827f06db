"""Structured logs: lines for people in development, JSON in production. Neither holds what another wrote into it."""

import logging
import sys

import structlog

from frontdesk.settings import LogFormat, Settings


def configure_logs(settings: Settings) -> None:
    """Set up structlog for this process, and have the standard library's loggers speak through it."""
    shared = (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )
    as_json = settings.log_format is LogFormat.JSON
    renderer = structlog.processors.JSONRenderer() if as_json else _console()
    exceptions = (structlog.processors.format_exc_info,) if as_json else ()
    structlog.configure(
        processors=[*shared, *exceptions, structlog.processors.EventRenamer("message"), renderer]
        if as_json
        else [*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level.value]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *exceptions,
                renderer,
            ],
            foreign_pre_chain=list(shared),
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level.value, force=True)


def _console() -> structlog.dev.ConsoleRenderer:
    """Tracebacks are plain: the fancy ones print local variables, and with them what people wrote."""
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
