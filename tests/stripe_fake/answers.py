"""What every part of the fake speaks of: rows, forms, and errors as Stripe answers them."""

from typing import Any

from marketplace import clock

Row = dict[str, Any]
Form = dict[str, str]

DAY = 24 * 3600


class Refusal(Exception):
    """An error as Stripe answers it."""

    def __init__(self, status: int, kind: str, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.content = {"error": {"type": kind, "message": message, "code": code}}


def bad_request(message: str, code: str | None = None) -> Refusal:
    return Refusal(400, "invalid_request_error", message, code)


def unknown_request(method: str, path: str) -> Refusal:
    return Refusal(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path})")


def missing(kind: str, name: str) -> Refusal:
    return Refusal(404, "invalid_request_error", f"No such {kind}: '{name}'")


def card_error(message: str, code: str) -> Refusal:
    return Refusal(402, "card_error", message, code)


def clock_seconds() -> int:
    """The tests' own clock, so that holds run out when a test moves it."""
    return int(clock.now().timestamp())


def under(form: Form, prefix: str) -> Form:
    """The fields below a name: `card[number]` under `card` is `number`."""
    start = f"{prefix}["
    return {name[len(start) : -1]: value for name, value in form.items() if name.startswith(start)}
