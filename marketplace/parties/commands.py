"""Institutions and people from the command line, for whoever runs the marketplace.

A password never stands in the arguments, where the shell's history and the list of processes show it. It
comes from the variable LUOCHUI_PASSWORD, from a prompt, or is made here, printed once, and replaced at first
sign-in. LUOCHUI_SECOND_FACTOR may hold a base32 seed, so that a rehearsal needs no authenticator.
"""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.parties import passwords, queries, second_factor
from marketplace.parties.models import Institution, Person
from marketplace.parties.names import clean_email
from marketplace.parties.rules import InstitutionKind, Role
from marketplace.parties.service import sign_ins
from marketplace.parties.service.institutions import NewInstitution, NewPerson, add_person, create
from marketplace.web import refusal_text

group = AppGroup("parties", help="Institutions, their people and their sign-ins.")

Parameters = ParamSpec("Parameters")


class _EmailAddress(click.ParamType[str]):
    name = "email"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return validate_email(clean_email(value), check_deliverability=False).normalized.casefold()
        except EmailNotValidError as error:
            self.fail(str(error), param, ctx)


_EMAIL = click.option("--email", required=True, type=_EmailAddress())
_PERSON_NAME = click.option("--person-name", required=True)
_NAME = click.option("--name", required=True, help="Name of the institution.")
_NUMBER = click.option("--registration-number", required=True)
_COUNTRY = click.option("--country", default="CN", show_default=True, help="Two letters, ISO 3166-1.")
_LANGUAGE = click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
_PROMPT = click.option("--prompt-password", is_flag=True, help="Ask for the password instead of making one.")
_ROLES = click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="May be repeated.",
)


def _explained(
    command: Callable[Parameters, None],
) -> Callable[Parameters, None]:
    """Turn a refusal into a message on standard error and exit code 2."""

    @wraps(command)
    def explained(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*arguments, **options)
        except Refused as refused:
            click.echo(f"{refused.field or 'refused'}: {refusal_text(refused)}", err=True)
            raise SystemExit(2) from None

    return explained


@group.command("create-operator")
@_NAME
@_NUMBER
@_COUNTRY
@_PERSON_NAME
@_EMAIL
@_ROLES
@_LANGUAGE
@_PROMPT
@_explained
def create_operator(*, prompt_password: bool, **options: Any) -> None:
    """Create an operator with its first person."""
    _create(InstitutionKind.OPERATOR, prompt_password=prompt_password, verified=True, **options)


@group.command("create-institution")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in InstitutionKind]))
@_NAME
@_NUMBER
@_COUNTRY
@_PERSON_NAME
@_EMAIL
@_ROLES
@_LANGUAGE
@click.option("--verified/--to-verify", default=True, show_default=True)
@_PROMPT
@_explained
def create_institution(kind: str, *, prompt_password: bool, verified: bool, **options: Any) -> None:
    """Create an institution of any kind with its first person."""
    _create(InstitutionKind(kind), prompt_password=prompt_password, verified=verified, **options)


@group.command("create-person")
@click.option("--institution", "registration_number", required=True, help="Its registration number.")
@_COUNTRY
@_PERSON_NAME
@_EMAIL
@_ROLES
@_LANGUAGE
@_PROMPT
@_explained
def create_person(registration_number: str, country: str, *, prompt_password: bool, **options: Any) -> None:
    """Add a person to an institution."""
    new, made = _new_person(prompt_password=prompt_password, **options)
    with atomic() as session:
        number = (Institution.country == country, Institution.registration_number == registration_number)
        institution = session.scalars(select(Institution).where(*number)).one_or_none()
        if institution is None:
            raise click.BadParameter(registration_number, param_hint="--institution")
        _add(session, institution, new)
    _print_password(new.email, made)


@group.command("renew-password")
@_EMAIL
@_explained
def renew_password(email: str) -> None:
    """Give somebody a new one-time password; the second factor stays."""
    made = passwords.one_time_password()
    hashed = passwords.hash_password(made)
    with atomic() as session:
        sign_ins.replace_password(session, _find(session, email).id, hashed)
    _print_password(email, made)


@group.command("remove-second-factor")
@_EMAIL
@_explained
def remove_second_factor(email: str) -> None:
    """Let somebody who lost the device set up a new one at the next sign-in."""
    with atomic() as session:
        sign_ins.remove_second_factor(session, _find(session, email).id)
    click.echo(f"{email}: the next sign-in sets up a new second factor")


@group.command("code")
@_EMAIL
def code(email: str) -> None:
    """Print somebody's present code, for rehearsals and lost devices; the audit log says so."""
    with atomic() as session:
        person = _find(session, email)
        if not person.second_factor_secret:
            raise click.BadParameter("no second factor is set up", param_hint="--email")
        audit.record(session, "parties.show_code", person.id)
    seed = second_factor.decrypt(_field_key(), person.second_factor_secret)
    click.echo(second_factor.code_at(seed, clock.now()))


def _create(
    kind: InstitutionKind,
    *,
    prompt_password: bool,
    verified: bool,
    name: str,
    registration_number: str,
    country: str,
    **options: Any,
) -> None:
    new, made = _new_person(prompt_password=prompt_password, **options)
    with atomic() as session:
        new_institution = NewInstitution(kind, name, country.upper(), registration_number)
        institution = create(session, new_institution, verified=verified)
        _add(session, institution, new)
    _print_password(new.email, made)


def _new_person(
    *, prompt_password: bool, person_name: str, email: str, roles: tuple[str, ...], language: str
) -> tuple[NewPerson, str | None]:
    """The person, and the password where it was made here and has to be shown."""
    typed = os.environ.get("LUOCHUI_PASSWORD") or (_prompt() if prompt_password else None)
    made = None if typed else passwords.one_time_password()
    if typed:
        passwords.check_password(typed, (email, person_name))
    chosen = frozenset(Role(role) for role in roles) or frozenset({Role.ADMINISTRATOR, Role.OFFICER})
    hashed = passwords.hash_password(typed or made or "")
    return NewPerson(person_name, email, hashed, chosen, language, one_time=made is not None), made


def _prompt() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _find(session: Session, email: str) -> Person:
    person = queries.person_by_email(session, email)
    if person is None:
        raise click.BadParameter(email, param_hint="--email")
    return person


def _add(session: Session, institution: Institution, new: NewPerson) -> None:
    person = add_person(session, institution, new)
    if seed := os.environ.get("LUOCHUI_SECOND_FACTOR"):
        person.second_factor_secret = second_factor.encrypt(_field_key(), seed)
    audit.record(session, "parties.create_person", person.id, roles=person.roles)


def _field_key() -> str:
    return str(current_app.extensions["settings"].field_key)


def _print_password(email: str, made: str | None) -> None:
    click.echo(f"{email}: created" if made is None else f"{email}: one-time password {made}")
