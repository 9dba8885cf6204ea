"""The words of the mails that parties send, in the language of whoever receives them."""

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from marketplace import outbox
from marketplace.parties.models import Institution, Person
from marketplace.parties.rules import ONE_TIME_PASSWORD_LIFE, InstitutionStatus


def tell_of_decision(session: Session, people: list[Person], institution: Institution, site: str) -> None:
    """Tell the administrators what the operator decided about their institution, and why."""
    for person in people:
        with force_locale(person.language):
            subject, body = _decision(institution)
            outbox.queue(session, person.email, subject, _letter(person, body, site))


def invite(session: Session, person: Person, password: str, site: str) -> None:
    """Send a one-time password; it is the only place where it stands in clear, until the mail is sent."""
    with force_locale(person.language):
        body = gettext(
            "You can act for %(institution)s on the IP marketplace.\n\n"
            "E-mail: %(email)s\nOne-time password: %(password)s\n\n"
            "It works for %(days)s days. At the first sign-in you replace it and set up a second factor.",
            institution=person.institution.name,
            email=person.email,
            password=password,
            days=ONE_TIME_PASSWORD_LIFE.days,
        )
        outbox.queue(session, person.email, gettext("Your access to Luochui"), _letter(person, body, site))


def tell_of_change(session: Session, person: Person, what: str, site: str) -> None:
    """Tell somebody that the key to their account changed: `password` or `second_factor`."""
    with force_locale(person.language):
        bodies = {
            "password": gettext("The password of your account was changed."),
            "second_factor": gettext("The second factor of your account was changed or removed."),
        }
        warning = gettext("If this was not you, call your administrator and the operator at once.")
        subject = gettext("A change to your Luochui account")
        outbox.queue(session, person.email, subject, _letter(person, f"{bodies[what]} {warning}", site))


def _decision(institution: Institution) -> tuple[str, str]:
    words = {
        InstitutionStatus.VERIFIED: (
            gettext("%(name)s has been verified", name=institution.name),
            gettext("The operator has verified %(name)s. You can now trade.", name=institution.name),
        ),
        InstitutionStatus.REFUSED: (
            gettext("The registration of %(name)s was refused", name=institution.name),
            gettext("The operator has refused the registration of %(name)s.", name=institution.name),
        ),
        InstitutionStatus.SUSPENDED: (
            gettext("%(name)s has been suspended", name=institution.name),
            gettext("The operator has suspended %(name)s. Running deals go on.", name=institution.name),
        ),
    }
    subject, body = words[institution.status]
    if institution.decision_reason:
        body += "\n\n" + gettext("Reason: %(reason)s", reason=institution.decision_reason)
    return subject, body


def _letter(person: Person, body: str, site: str) -> str:
    greeting = gettext("Dear %(name)s,", name=person.name)
    return f"{greeting}\n\n{body}\n\n{site}/sign-in\n\n落槌 Luochui\n"
