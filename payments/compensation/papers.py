"""The claim file as a paper, in Chinese and in English."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.clock import LOCAL_ZONE
from marketplace.language import money
from marketplace.papers import Sheet, both, label, lines, yuan_in_capitals
from payments.compensation.models import CompensationClaim
from payments.compensation.rules import RecoveryStatus
from payments.compensation.texts import CLAIMS, ROLES
from payments.compensation.views import cuts_of
from payments.funds.models import FundDocument
from payments.funds.rules import FirmSize
from payments.funds.texts import EVIDENCE, SIZES

TITLE = _("Claim for risk compensation")
CLOSING = (
    _(
        "The loss is divided by the shares of the agreement; then the caps reduce the fund's part, in the "
        "order in which they stand here. What a cap cuts stays with the claiming bank."
    ),
    _("The figures of the agreement are what its parties agreed; they are not the text of a law."),
)


def claim_file(
    claim: CompensationClaim, documents: Sequence[FundDocument], issuer: str, now: datetime
) -> bytes:
    """The paper as PDF, as the claim stands at the moment that it names."""
    chinese, english = both(TITLE)
    sheet = Sheet(
        title=f"{chinese} {claim.pool.name} {claim.number}",
        issuer=issuer,
        foot=f"{chinese} {english} · {claim.pool.name} {claim.number} · {_moment(now)}",
        issued_at=now,
    )
    sheet.heading(chinese, english)
    sheet.facts(_facts(claim))
    sheet.section(label(_("Division of the loss")))
    sheet.table(
        [label(_("Party")), label(_("Institution")), label(_("Share")), label(_("Amount"))],
        [_part(claim, part) for part in claim.parts],
        widths=(22, 38, 12, 28),
        numbers=frozenset({2, 3}),
    )
    if claim.cuts:
        sheet.facts([(label(word), money(minor, claim.currency)) for word, minor in cuts_of(claim)])
    sheet.section(label(_("Named documents")))
    sheet.facts([(label(EVIDENCE[one.kind]), _named(one)) for one in documents])
    confirmed = [row for row in claim.recoveries if row.status is RecoveryStatus.CONFIRMED]
    if confirmed:
        sheet.section(label(_("Recovered later")))
        sheet.facts([(_moment(row.reported_at), money(row.amount_minor, row.currency)) for row in confirmed])
    sheet.space(2)
    for sentence in CLOSING:
        sheet.paragraph(lines(sentence), quiet=True)
    return sheet.finished()


def _facts(claim: CompensationClaim) -> list[tuple[str, str]]:
    agreement = claim.agreement
    loss = money(claim.loss_minor, claim.currency)
    if claim.currency == "CNY":
        loss += f"\n{yuan_in_capitals(claim.loss_minor)}"
    rows: list[tuple[Any, str]] = [
        (_("Pool"), f"{claim.pool.name} · {claim.pool.area}"),
        (_("Kept by"), claim.pool.keeper.name),
        (_("Agreement"), f"{agreement.version} · {agreement.valid_from.isoformat()} · {agreement.source}"),
        (_("Number"), str(claim.number)),
        (_("Claiming bank"), claim.bank.name),
        (_("Borrower"), f"{claim.firm} · {' '.join(both(SIZES[FirmSize(claim.facts['size'])]))}"),
        (_("Lot"), f"{claim.lot.reference} · {claim.lot.title}"),
        (_("Loan as paid out"), money(claim.loan_minor, claim.currency)),
        (_("Paid out on"), claim.facts["lent_on"]),
        (_("Due on"), claim.facts["due_on"]),
        (_("Loss"), loss),
        (_("State"), " ".join(both(CLAIMS[claim.status]))),
        (_("Claimed"), _moment(claim.claimed_at)),
    ]
    return [(label(name), value) for name, value in rows]


def _part(claim: CompensationClaim, part: Any) -> list[str]:
    minor = money(part.minor, claim.currency)
    return [label(ROLES[part.role]), part.institution.name, str(part.share), minor]


def _named(document: FundDocument) -> str:
    return f"{document.reference}\nSHA-256 {document.digest}" if document.digest else document.reference


def _moment(moment: datetime) -> str:
    local = moment.astimezone(LOCAL_ZONE)
    zone = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M} UTC{zone[0]}{int(zone[1:3])}"
