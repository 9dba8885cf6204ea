"""The words of sharing."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from transactions.sharing.rules.contributors import ContributorKind, ContributorStatus
from transactions.sharing.rules.lines import Action
from transactions.sharing.rules.reasons import Reason

KINDS: dict[ContributorKind, Any] = {
    ContributorKind.EXCHANGE: lazy_gettext("Exchange"),
    ContributorKind.COURT: lazy_gettext("Court"),
    ContributorKind.AGENCY: lazy_gettext("Agency"),
}

STATUSES: dict[ContributorStatus, Any] = {
    ContributorStatus.APPLIED: lazy_gettext("applied"),
    ContributorStatus.ADMITTED: lazy_gettext("contributes"),
    ContributorStatus.REFUSED: lazy_gettext("refused"),
    ContributorStatus.SUSPENDED: lazy_gettext("suspended"),
    ContributorStatus.LEFT: lazy_gettext("has left"),
}

TONES: dict[ContributorStatus, str] = {
    ContributorStatus.APPLIED: "waiting",
    ContributorStatus.ADMITTED: "done",
    ContributorStatus.REFUSED: "stopped",
    ContributorStatus.SUSPENDED: "stopped",
    ContributorStatus.LEFT: "plain",
}

ACTIONS: dict[Action, Any] = {
    Action.SUBMIT: lazy_gettext("new record"),
    Action.CORRECT: lazy_gettext("correction"),
    Action.REVERSE: lazy_gettext("reversal"),
}

# What stands in the history of an entry.
ACTS: dict[str, Any] = {
    "apply": lazy_gettext("applied"),
    "propose_admitted": lazy_gettext("admission proposed"),
    "propose_refused": lazy_gettext("refusal proposed"),
    "admitted": lazy_gettext("admission decided"),
    "refused": lazy_gettext("refused"),
    "suspended": lazy_gettext("suspended"),
    "left": lazy_gettext("has left"),
    "drop_proposal": lazy_gettext("proposal dropped"),
    "add_key": lazy_gettext("key added"),
    "revoke_key": lazy_gettext("key revoked"),
    "admit_to_sandbox": lazy_gettext("admitted to the sandbox"),
}

REFUSALS: dict[StrEnum, Any] = {
    Reason.CODE_MALFORMED: lazy_gettext("3 to 40 small letters, digits and hyphens, such as hefei-exchange."),
    Reason.CODE_TAKEN: lazy_gettext("This name belongs to somebody else, or records stand under it."),
    Reason.APPLIED_ALREADY: lazy_gettext("The institution stands in the register already."),
    Reason.KEY_MALFORMED: lazy_gettext("An Ed25519 public key is 32 bytes in base64: 44 characters."),
    Reason.KEY_TAKEN: lazy_gettext("This key stands in the register already."),
    Reason.KEY_SPAN: lazy_gettext("The key would end before it begins."),
    Reason.TOO_MANY_KEYS: lazy_gettext("At most %(most)s keys count at once; revoke some first."),
    Reason.NOTHING_PROPOSED: lazy_gettext("Nothing is proposed."),
    Reason.PROPOSED_ALREADY: lazy_gettext("Something is proposed already; a second person decides it first."),
    Reason.NOT_A_SANDBOX: lazy_gettext("This instance is no sandbox: two persons of the operator admit."),
    Reason.NOT_JSON: lazy_gettext("This is not JSON in UTF-8."),
    Reason.NOT_PLAIN: lazy_gettext(
        "This has no one spelling that could be signed (%(what)s): numbers are whole, names stand once."
    ),
    Reason.FIELD_MISSING: lazy_gettext("A field is missing."),
    Reason.FIELD_UNKNOWN: lazy_gettext("There is no such field here."),
    Reason.WRONG_TYPE: lazy_gettext("The value is of another kind than the schema says."),
    Reason.NOT_A_WORD: lazy_gettext("The value is none of those that the schema lists."),
    Reason.OUT_OF_RANGE: lazy_gettext("The number is outside of what the schema allows."),
    Reason.WRONG_LENGTH: lazy_gettext("Too short, too long, or too many of them for the schema."),
    Reason.MALFORMED: lazy_gettext("The value does not have the form that the schema says."),
    Reason.TOO_MANY_LINES: lazy_gettext("A submission has between 1 and %(most)s lines."),
    Reason.UNKNOWN_CONTRIBUTOR: lazy_gettext("No contributor has this code."),
    Reason.NOT_ADMITTED: lazy_gettext("This contributor is not admitted, or not any more."),
    Reason.UNSIGNED: lazy_gettext("The request has to be signed: a header is missing."),
    Reason.TIME_WRONG: lazy_gettext("The request was signed more than %(minutes)s minutes from now."),
    Reason.OFFSET_OUT_OF_RANGE: lazy_gettext("A whole number from %(least)s to %(most)s is needed."),
    Reason.KEY_UNKNOWN: lazy_gettext("The contributor has no key with this fingerprint."),
    Reason.KEY_NOT_VALID: lazy_gettext("The key does not count now: not yet, no longer, or revoked."),
    Reason.SIGNATURE_WRONG: lazy_gettext("The signature does not fit the content."),
    Reason.OTHER_CONTENT: lazy_gettext(
        "Something else was submitted under this number: send a correction of that record."
    ),
    Reason.GRADE_TOO_HIGH: lazy_gettext(
        "A contributor of this kind proves prices by grade %(highest)s at most."
    ),
    Reason.EVIDENCE_NEEDED: lazy_gettext("Grade C needs the address where the record can be looked up."),
    Reason.NOT_YOUR_RECORD: lazy_gettext("There is no such record of yours."),
    Reason.NOT_SOLD: lazy_gettext("Only a sale can be reversed."),
    Reason.PARENT_NEEDED: lazy_gettext(
        "A confidential sale needs the number of the seller's ultimate parent, which nobody is shown."
    ),
}
