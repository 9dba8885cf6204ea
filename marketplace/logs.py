"""Structured logs: one JSON object a line, control characters escaped, no secrets in them."""

import logging
import sys

import structlog
from flask import Flask, Response, g, request

from marketplace.web import visitor


def install(app: Flask) -> None:
    """Log every request with its number, answer and person; never its form or query."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )
    app.after_request(_log_request)


def _log_request(response: Response) -> Response:
    person = visitor()
    if request.endpoint != "static":
        structlog.get_logger().info(
            "request",
            request_id=g.get("request_id"),
            method=request.method,
            path=request.path,
            status=response.status_code,
            person_id=str(person.actor.person_id) if person else None,
        )
    return response
