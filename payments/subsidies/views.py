"""What the pages show of a programme: its use in bars, its terms with their sources, the next action."""

from dataclasses import dataclass

from flask_babel import get_locale, gettext
from sqlalchemy.orm import Session

from marketplace.access import Actor, Subject, Verb, may
from marketplace.charts.bars import Bars, waterfall
from payments.funds.texts import EVIDENCE
from payments.subsidies import queries
from payments.subsidies.models import SubsidyApplication, SubsidyProgramme
from payments.subsidies.rules import ApplicationStatus, SubsidyCap, Terms, read
from payments.subsidies.service.deciding import missing_evidence
from payments.subsidies.texts import CAPS


@dataclass(frozen=True, slots=True)
class Shown:
    """A programme as its pages show it, amounts in minor units."""

    row: SubsidyProgramme
    terms: Terms
    title: str
    area: str
    budget: int
    used: int

    @property
    def left(self) -> int:
        return self.budget - self.used

    @property
    def use(self) -> Bars | None:
        """The budget and what was given out of it; None before it is approved."""
        if not self.budget:
            return None
        return waterfall(
            (gettext("Budget"), self.budget),
            [(gettext("Given out or applied for"), self.used)],
            gettext("Free"),
        )


def shown(session: Session, programme: SubsidyProgramme) -> Shown:
    """The programme in the reader's language."""
    language, terms = str(get_locale() or "zh")[:2], read(programme.terms)
    return Shown(
        row=programme,
        terms=terms,
        title=queries.title_of(programme, language),
        area=terms.area if language == "zh" else terms.area_en,
        budget=queries.budget_of(session, programme.id),
        used=queries.used_of(session, programme.id),
    )


def titles() -> dict[str, str]:
    """The known terms by name, in the reader's language."""
    chinese = str(get_locale() or "zh").startswith("zh")
    return {name: str(raw["title" if chinese else "title_en"]) for name, raw in queries.known_terms().items()}


def cuts_of(application: SubsidyApplication) -> list[tuple[str, int]]:
    """What each cap took, in words."""
    return [(str(CAPS[SubsidyCap(cut["cap"])]), int(cut["minor"])) for cut in application.cuts]


def next_of(session: Session, row: SubsidyApplication, actor: Actor) -> tuple[str, bool] | None:
    """The next action on an application, and whether it is the reader's; None where nothing is left."""
    keeper = Subject(owner_id=row.programme.keeper_id)
    match row.status:
        case ApplicationStatus.WAITING:
            place = queries.place_of(session, row)
            return gettext("The budget is used up. Place %(place)s on the waiting list.", place=place), False
        case ApplicationStatus.APPLIED:
            missing = missing_evidence(session, row)
            if missing:
                names = gettext(", ").join(str(EVIDENCE[kind]) for kind in missing)
                mine = actor.institution_id == row.applicant_id
                return gettext("The applicant has still to name: %(names)s.", names=names), mine
            return gettext("The keeper's officer reviews the documents."), may(actor, Verb.KEEP_FUND, keeper)
        case ApplicationStatus.REVIEWED:
            mine = may(actor, Verb.RELEASE_FUND, keeper) and actor.person_id != row.reviewed_by_id
            return gettext("A second person of the keeper approves it."), mine
        case ApplicationStatus.APPROVED:
            return gettext("The money desk pays it out."), may(actor, Verb.CONFIRM_MONEY)
        case _:
            return None
