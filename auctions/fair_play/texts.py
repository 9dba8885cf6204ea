"""The words of fair play."""

from enum import StrEnum
from typing import Any

from flask_babel import gettext, lazy_gettext

from auctions.fair_play.rules.leads import LeadKind, LeadStatus, LineKind
from auctions.fair_play.rules.listing import ListingStatus
from auctions.fair_play.rules.policy import OWN_SOURCE, Capacity
from auctions.fair_play.rules.reasons import BarReason, Reason
from auctions.fair_play.rules.ties import TieKind, TieSource
from marketplace.rule_packs.words import source_text

BARS: dict[StrEnum, Any] = {
    BarReason.SELLER: lazy_gettext("The seller may not bid for its own lot."),
    BarReason.SELLING_AGENCY: lazy_gettext("An agency that sells the lot may not bid for it."),
    BarReason.OPERATOR: lazy_gettext("The operator of the marketplace and its staff may not bid."),
    BarReason.COURT: lazy_gettext("The court that sells the lot and its staff may not bid."),
    BarReason.AUXILIARY: lazy_gettext("Whoever helps the court to sell the lot may not bid."),
    BarReason.APPRAISER: lazy_gettext("Whoever appraised the lot may not bid for it."),
    BarReason.DEBTOR: lazy_gettext("The debtor of the loan may not bid for this lot."),
    BarReason.PLEDGOR: lazy_gettext("The pledgor of the right may not bid for this lot."),
    BarReason.GUARANTOR: lazy_gettext("A guarantor of the loan may not bid for this lot."),
    BarReason.DEFAULTER: lazy_gettext(
        "Whoever won this lot before and did not pay may not bid for it again."
    ),
    BarReason.LISTED: lazy_gettext("The institution is on the barred list. It can read why, and answer."),
    BarReason.TIED_TO_SELLER: lazy_gettext("A party related to the seller may not bid."),
    BarReason.TIED_TO_SELLING_AGENCY: lazy_gettext(
        "A party related to an agency that sells the lot may not bid."
    ),
    BarReason.TIED_TO_OPERATOR: lazy_gettext("A party related to the operator or its staff may not bid."),
    BarReason.TIED_TO_COURT: lazy_gettext("A party related to the court or its staff may not bid."),
    BarReason.TIED_TO_AUXILIARY: lazy_gettext(
        "A party related to somebody who helps the court to sell the lot may not bid."
    ),
    BarReason.TIED_TO_APPRAISER: lazy_gettext(
        "A party related to the appraiser of the lot may not bid for it."
    ),
    BarReason.TIED_TO_DEBTOR: lazy_gettext("A party related to the debtor may not bid for this lot."),
    BarReason.TIED_TO_PLEDGOR: lazy_gettext("A party related to the pledgor may not bid for this lot."),
    BarReason.TIED_TO_GUARANTOR: lazy_gettext("A party related to a guarantor may not bid for this lot."),
    BarReason.TIED_TO_DEFAULTER: lazy_gettext("Related to somebody who won this lot before and did not pay."),
    BarReason.TIED_TO_LISTED: lazy_gettext("Related to an institution on the barred list."),
}

REFUSALS: dict[StrEnum, Any] = {
    **BARS,
    Reason.NO_SUCH_INSTITUTION: lazy_gettext("There is no registered institution with this number."),
    Reason.TIED_TO_ITSELF: lazy_gettext("This is the institution itself."),
    Reason.TOO_MANY_TIES: lazy_gettext("At most %(most)s ties are kept of one institution; end some first."),
    Reason.EVIDENCE_MISSING: lazy_gettext("Say where this is proved."),
    Reason.REASON_MISSING: lazy_gettext("State the reason."),
    Reason.LISTED_ALREADY: lazy_gettext("An entry of this institution is proposed or stands already."),
    Reason.OWN_INSTITUTION: lazy_gettext("An operator or a regulator is not put on the list."),
    Reason.UNTIL_TOO_LATE: lazy_gettext("Between 1 and %(most)s days."),
    Reason.NOT_LIFTABLE: lazy_gettext("Nobody can be excepted from this ban (%(article)s)."),
    Reason.STILL_BARRED: lazy_gettext(
        "The winner is barred: disqualify it, or let two persons except it where the rules allow."
    ),
    Reason.NOTHING_TO_EXEMPT: lazy_gettext("Nothing of this kind speaks against the buyer."),
    Reason.ASKED_ALREADY: lazy_gettext("This has been recorded already."),
    Reason.ANSWER_MISSING: lazy_gettext("Write your answer."),
    Reason.ENDED_ALREADY: lazy_gettext("This has been decided or has ended already."),
    Reason.NOT_THE_WINNER: lazy_gettext("The lot has gone to somebody else, or its price is paid."),
}

CAPACITIES: dict[Capacity, Any] = {
    Capacity.SELLER: lazy_gettext("Seller"),
    Capacity.SELLING_AGENCY: lazy_gettext("Selling agency"),
    Capacity.OPERATOR: lazy_gettext("Operator of the marketplace"),
    Capacity.COURT: lazy_gettext("Court"),
    Capacity.AUXILIARY: lazy_gettext("Body that helps the court to sell"),
    Capacity.APPRAISER: lazy_gettext("Appraiser"),
    Capacity.DEBTOR: lazy_gettext("Debtor"),
    Capacity.PLEDGOR: lazy_gettext("Pledgor"),
    Capacity.GUARANTOR: lazy_gettext("Guarantor"),
    Capacity.DEFAULTER: lazy_gettext("Won before and did not pay"),
    Capacity.LISTED: lazy_gettext("On the barred list"),
}

TIES: dict[TieKind, Any] = {
    TieKind.SAME_GROUP: lazy_gettext("Company of the same group"),
    TieKind.SHAREHOLDER: lazy_gettext("Shareholder, or held by it"),
    TieKind.CONTROLLING_PERSON: lazy_gettext("Same controlling person"),
    TieKind.SHARED_STAFF: lazy_gettext("Shared staff"),
    TieKind.NEAR_RELATIVE: lazy_gettext("Near relative"),
    TieKind.MAIL_DOMAIN: lazy_gettext("Common mail domain"),
}

SOURCES: dict[TieSource, Any] = {
    TieSource.DECLARED: lazy_gettext("declared by the institution"),
    TieSource.OPERATOR: lazy_gettext("recorded by the operator"),
}

LISTINGS: dict[ListingStatus, Any] = {
    ListingStatus.PROPOSED: lazy_gettext("proposed; a second person decides"),
    ListingStatus.DROPPED: lazy_gettext("not entered"),
    ListingStatus.LISTED: lazy_gettext("barred"),
    ListingStatus.LIFT_PROPOSED: lazy_gettext("barred; lifting is proposed"),
    ListingStatus.LIFTED: lazy_gettext("lifted"),
}

LISTING_TONES: dict[ListingStatus, str] = {
    ListingStatus.PROPOSED: "decision",
    ListingStatus.DROPPED: "plain",
    ListingStatus.LISTED: "stopped",
    ListingStatus.LIFT_PROPOSED: "decision",
    ListingStatus.LIFTED: "done",
}

LEADS: dict[LeadKind, Any] = {
    LeadKind.SHILL: lazy_gettext("May be bidding for a seller"),
    LeadKind.RING: lazy_gettext("May be sharing out the lots"),
    LeadKind.SHARED_TRACE: lazy_gettext("Common device or address"),
    LeadKind.NON_PAYMENT: lazy_gettext("Repeated non-payment"),
    LeadKind.POSSIBLE_TIE: lazy_gettext("May be related to a party of the sale"),
}

LEAD_STATUSES: dict[LeadStatus, Any] = {
    LeadStatus.OPENED: lazy_gettext("opened"),
    LeadStatus.LOOKED_INTO: lazy_gettext("being looked into"),
    LeadStatus.DISMISSED: lazy_gettext("dismissed"),
    LeadStatus.LED_TO_PROPOSAL: lazy_gettext("led to a proposal"),
}

LEAD_TONES: dict[LeadStatus, str] = {
    LeadStatus.OPENED: "decision",
    LeadStatus.LOOKED_INTO: "waiting",
    LeadStatus.DISMISSED: "plain",
    LeadStatus.LED_TO_PROPOSAL: "stopped",
}

LINES: dict[LineKind, Any] = {
    LineKind.SHILL_SELLER: lazy_gettext(
        "Bid in %(here)s auctions of this seller, out of %(everywhere)s auctions in which it bid at all."
    ),
    LineKind.SHILL_WINS: lazy_gettext("Won %(wins)s of %(auctions)s."),
    LineKind.SHILL_EARLY: lazy_gettext(
        "On average bid first after %(first)s percent of the running time and last after %(last)s percent."
    ),
    LineKind.SHILL_RAISES: lazy_gettext("%(small)s percent of its raises were about the least possible."),
    LineKind.SHILL_SHARE: lazy_gettext(
        "On average made %(share)s percent of the bids; more than half counts as half."
    ),
    LineKind.SHILL_RESERVE: lazy_gettext(
        "In %(below)s of %(auctions)s auctions its last bid lay just below the secret reserve."
    ),
    LineKind.RING_TOGETHER: lazy_gettext("%(members)s bidders met in %(auctions)s auctions."),
    LineKind.RING_TURNS: lazy_gettext(
        "One of them stood ahead at the end of %(won)s; they took turns with an evenness of %(evenness)s "
        "percent."
    ),
    LineKind.RING_RESTRAINT: lazy_gettext("In %(share)s percent they did not bid against each other."),
    LineKind.RING_PRICES: lazy_gettext("Prices rose by %(rise)s percent on average when one of them led."),
    LineKind.TRACE_DEVICE: lazy_gettext(
        "Signed in from %(count)s common browsers, each of %(sharing)s users."
    ),
    LineKind.TRACE_BROWSER: lazy_gettext(
        "%(count)s common pairs of network and program, the rarest of %(sharing)s users."
    ),
    LineKind.TRACE_ADDRESS: lazy_gettext("%(count)s common networks, the rarest of %(sharing)s users."),
    LineKind.DEFAULTS: lazy_gettext("Left %(unpaid)s of %(won)s lots won unpaid."),
    LineKind.TIE: lazy_gettext("May be tied to: %(capacity)s (%(kinds)s)."),
    LineKind.BIDS: lazy_gettext("%(count)s bids in the latest of these auctions:"),
}

AWARDS: dict[str, Any] = {
    "": lazy_gettext("waits for a decision"),
    "stands": lazy_gettext("stands"),
    "disqualified": lazy_gettext("winner disqualified"),
}


def bar_words(code: str) -> str:
    """Why a registration is barred, in the reader's language; a text that is no code of ours as it is."""
    known = {str(reason): words for reason, words in BARS.items()}
    return str(known.get(code, code))


def ban_source(source: str) -> str:
    """Where a ban comes from: an article, or that it is the platform's own."""
    return gettext("platform default") if source == OWN_SOURCE else source_text(source)


def line_words(line: dict[str, Any]) -> str:
    """One line of evidence in the reader's language."""
    figures = dict(line["figures"])
    if line["kind"] == LineKind.TIE:
        figures["capacity"] = CAPACITIES[Capacity(figures["capacity"])]
        kinds = [str(TIES[TieKind(kind)]) for kind in figures["kinds"].split("+") if kind]
        figures["kinds"] = " → ".join(kinds)
    return str(LINES[LineKind(line["kind"])]) % figures
