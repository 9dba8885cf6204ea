"""The people of the stories, their windows, and what each of them does on the pages again and again."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Self

import parties_cast
from builders import an_institution
from flask import Flask
from stories.browserless import Window

import worker
from demo.cast import registration_number
from marketplace import clock
from marketplace.access import InstitutionKind, Role
from marketplace.clock import LOCAL_ZONE, FixedClock
from marketplace.db import atomic
from marketplace.parties import passwords, second_factor

PASSWORD = "a hammer falls in spring"
SEED = parties_cast.SEED
OFFICER, APPROVER, ADMINISTRATOR = Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR

# Whose people do what; Amy and Otto check what Alice and Olga prepare.
CAST: dict[str, tuple[InstitutionKind, str, int, frozenset[Role]]] = {
    "olga": (InstitutionKind.OPERATOR, "Luochui Operations", 1, frozenset({OFFICER, ADMINISTRATOR})),
    "otto": (InstitutionKind.OPERATOR, "Luochui Operations", 1, frozenset({APPROVER})),
    "alice": (InstitutionKind.BANK, "Taishan Bank", 2, frozenset({OFFICER, ADMINISTRATOR})),
    "amy": (InstitutionKind.BANK, "Taishan Bank", 2, frozenset({APPROVER})),
    "mallory": (InstitutionKind.BANK, "Wenhe Bank", 3, frozenset(Role)),
    "carol": (InstitutionKind.BUYER, "Carol Carbon Works", 4, frozenset(Role)),
    "dave": (InstitutionKind.BUYER, "Dave Dynamics", 5, frozenset(Role)),
    "bob": (InstitutionKind.AGENCY, "Daizong Agency", 6, frozenset(Role)),
}


@cache
def _hash() -> str:
    return passwords.hash_password(PASSWORD)


@dataclass
class Player:
    """Somebody with an authenticator and a window."""

    name: str
    address: str
    window: Window
    password: str = PASSWORD
    seed: str = SEED

    def sign_in(self, onward: str = "/") -> Window:
        """Both factors, through the pages, on to a page."""
        window = self.window
        window.client.delete_cookie("luochui")
        window.open("/sign-in").send("/sign-in", email=self.address, password=self.password)
        if "/second-factor" in window.path:
            window.send("second-factor", code=second_factor.code_at(self.seed, clock.now()))
        return window.open(onward)

    def enrol(self) -> Window:
        """The first sign-in of somebody who has a password: sets up the second factor."""
        window = self.window.open("/sign-in").send("/sign-in", email=self.address, password=self.password)
        found = re.search(r'class="seed">([A-Z2-7 ]+)<', window.text)
        assert found, window.path
        self.seed = found[1].replace(" ", "")
        return window.send("second-factor", code=second_factor.code_at(self.seed, clock.now()))


class Stage:
    """The marketplace, its clock, and the players by name."""

    def __init__(self, app: Flask, moment: FixedClock) -> None:
        self.app, self.moment = app, moment
        self.players: dict[str, Player] = {}
        self.visitor = Window(app.test_client())

    def __getattr__(self, name: str) -> Player:
        players: dict[str, Player] = self.__dict__["players"]
        if name not in players:
            raise AttributeError(name)
        return players[name]

    def add(self, name: str) -> Player:
        self.players[name] = Player(name, f"{name}@example.com", Window(self.app.test_client()))
        return self.players[name]

    def with_cast(self) -> Self:
        """Everybody at once, without the pages; one story shows how they come in through the pages."""
        with self.app.app_context(), atomic() as session:
            houses = {}
            for name, (kind, house, serial, roles) in CAST.items():
                if house not in houses:
                    houses[house] = an_institution(session, kind, house)
                    houses[house].registration_number = registration_number(serial)
                person = parties_cast.enrolled(session, houses[house], name.title(), roles)
                person.email, person.password_hash = self.add(name).address, _hash()
        return self

    def work(self) -> None:
        """The worker, until nothing is due."""
        for _ in range(20):
            if worker.tick(self.app) + worker.watch(self.app) == 0:
                return
        raise AssertionError("the worker never comes to rest")

    def later(self, *names: str, **lapse: float) -> None:
        """Time passes, the worker works, and these people sign in again."""
        self.moment.advance(**lapse)
        self._go_on(names)

    def at(self, moment: datetime, *names: str) -> None:
        """The same, until a moment."""
        self.moment.move_to(moment)
        self._go_on(names)

    def _go_on(self, names: tuple[str, ...]) -> None:
        self.work()
        self.moment.advance(seconds=31)  # an authenticator's code counts once
        for name in names:
            self.players[name].sign_in()

    def command(self, *arguments: str, **environment: str) -> str:
        """A `flask` command that must succeed."""
        result = self.app.test_cli_runner().invoke(args=list(arguments), env=environment)
        assert result.exit_code == 0, result.output
        return result.output

    def mails_to(self, address: str) -> list[str]:
        """The texts of the mails that have been sent to somebody."""
        self.work()
        found = []
        for file in sorted((self.app.extensions["settings"].home / "mail").glob("*")):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = mail.get_body()
            assert body is not None
            if address in mail["To"]:
                found.append(body.get_content())
        return found

    def all_holds(self) -> None:
        """Every invariant of every package, and the log of prices."""
        self.work()
        assert "broken" not in self.command("check")
        self.command("transactions", "verify")


def local(moment: datetime) -> str:
    """A moment as a browser's field for local times writes it."""
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M")


def reference_on(window: Window) -> str:
    """The reference that a payer has to write on the transfer."""
    found = re.search(r"Reference, in the purpose line (\S+)", window.words)
    assert found, window.words
    return found[1]


Changes = dict[str, Any]
