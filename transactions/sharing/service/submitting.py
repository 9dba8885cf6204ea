"""Taking in submissions: each line is accepted or refused whole, and the same line twice is one record."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.canonical import canonical_bytes
from marketplace.errors import Conflict, Refused
from transactions import queries as records
from transactions import service
from transactions.log import signing
from transactions.models import TransactionRecord
from transactions.rules.checks import check_facts
from transactions.rules.facts import SaleFacts
from transactions.sharing import queries
from transactions.sharing.errors import NotSigned, NotThere
from transactions.sharing.models import Contributor, ContributorKey, Submission
from transactions.sharing.parents import parent_token
from transactions.sharing.rules.contributors import ADMITTED
from transactions.sharing.rules.lines import Action, Line, new_facts, read_line, replacing_facts
from transactions.sharing.rules.reasons import Reason
from transactions.sharing.rules.statements import line_statement, receipt_statement
from transactions.sharing.schema_files import check
from transactions.sharing.service.acts import settings

LINES_LIMIT = 1000

ACCEPTED, REPEATED = "accepted", "repeated"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one line: a receipt, or why it was refused.

    Attributes:
        status: `accepted` or `repeated`; empty where it was refused.
    """

    own_id: str | None
    status: str = ""
    receipt: str = ""
    refused: Refused | None = None


def admitted(session: Session, code: str) -> Contributor:
    """The contributor of that name; raises NotSigned unless it may write and read now."""
    contributor = queries.by_code(session, code)
    if contributor is None:
        raise NotSigned(Reason.UNKNOWN_CONTRIBUTOR, field="contributor")
    if contributor.status is not ADMITTED:
        raise NotSigned(Reason.NOT_ADMITTED, field="contributor")
    return contributor


def read(contributor: Contributor, document: Any) -> Line | Refused:
    """One line, checked for its shape and its signature; what is wrong is returned, not raised.

    It asks nothing of the database, so that nobody waits for the arithmetic of signatures.
    """
    try:
        _check_shape(document)
        line = read_line(document)
        key = next((one for one in contributor.keys if one.fingerprint == line.key), None)
        if key is None:
            raise NotSigned(Reason.KEY_UNKNOWN, field="key")
        statement = line_statement(contributor.code, line.digest, sandbox=settings().sandbox)
        if not signing.is_signed(key.public_key, line.signature, statement):
            raise NotSigned(Reason.SIGNATURE_WRONG, field="signature")
    except Refused as refused:
        return refused
    return line


def _check_shape(document: Any) -> None:
    """Raise Refused unless the line fits the part of the schema that its action says."""
    action = document.get("action") if isinstance(document, dict) else None
    known = isinstance(action, str) and action in list(Action)
    check(document, "line", f"#/$defs/{action}" if known else "")


def take(
    session: Session, code: str, lines: Sequence[Line | Refused], own_ids: Sequence[str | None]
) -> list[Result]:
    """Append what is new of the lines; a result for each, in their order.

    Args:
        session: within `atomic()`.
        code: of the contributor.
        lines: as `read` gives them.
        own_ids: as far as they can be read even of a refused line.

    Raises:
        NotSigned: the contributor was suspended meanwhile.
    """
    records.lock_head(session)
    contributor = admitted(session, code)
    taking = _Taking(session, contributor, [line for line in lines if isinstance(line, Line)])
    drafts: list[Result | tuple[Line, SaleFacts]] = []
    for line, own_id in zip(lines, own_ids, strict=True):
        try:
            drafts.append(Result(own_id, refused=line) if isinstance(line, Refused) else taking.draft(line))
        except Refused as refused:
            drafts.append(Result(own_id, refused=refused))
    receipts = _append(session, contributor, [draft for draft in drafts if not isinstance(draft, Result)])
    return [_result(draft, receipts) for draft in drafts]


class _Taking:
    """What is known of the lines before any is taken, and what the earlier lines of the same call add."""

    def __init__(self, session: Session, contributor: Contributor, lines: Sequence[Line]) -> None:
        corrects = {line.corrects for line in lines if line.corrects is not None}
        self.contributor, self.now = contributor, clock.now()
        self.known = queries.submissions_by_id(session, contributor.id, (line.own_id for line in lines))
        self.olds = queries.own_records(session, contributor.code, corrects)
        self.corrected = queries.corrected_ids(session, corrects)
        self.keys = {key.fingerprint: key for key in contributor.keys}
        self.drafted: dict[str, str] = {}

    def draft(self, line: Line) -> Result | tuple[Line, SaleFacts]:
        """The facts of a new record, or the receipt of a known one; raises Refused."""
        known = self.known.get(line.own_id)
        digest = known.digest if known else self.drafted.get(line.own_id)
        if digest is not None and digest != line.digest:
            raise Conflict(Reason.OTHER_CONTENT, field="id")
        if known is not None:
            return Result(line.own_id, REPEATED, known.receipt)
        if digest is not None:
            return Result(line.own_id, REPEATED)
        if not self.keys[line.key].as_rule().counts_at(self.now):
            raise NotSigned(Reason.KEY_NOT_VALID, field="key")
        facts = self._facts(line)
        check_facts(facts)
        self.drafted[line.own_id] = line.digest
        if line.corrects is not None:
            self.corrected.add(line.corrects)
        return line, facts

    def _facts(self, line: Line) -> SaleFacts:
        kind = self.contributor.kind
        if line.action is Action.SUBMIT:
            return new_facts(line, self.contributor.code, kind, parent_token(settings(), *line.parent))
        old = self.olds.get(line.corrects) if line.corrects else None
        if old is None:
            raise NotThere(Reason.NOT_YOUR_RECORD, field="corrects")
        return replacing_facts(line, old.id, old.facts(), kind, already=old.id in self.corrected)


def _append(
    session: Session, contributor: Contributor, drafts: Sequence[tuple[Line, SaleFacts]]
) -> dict[str, str]:
    """The new records, their submissions and receipts; the receipts by the contributor's own ids."""
    if not drafts:
        return {}
    appended = {
        service.source_of(row): row for row in service.append(session, [facts for _, facts in drafts])
    }
    session.flush()
    keys = {key.fingerprint: key for key in contributor.keys}
    now, receipts = clock.now(), dict[str, str]()
    for line, facts in drafts:
        record = appended[service.source_of(facts)]
        receipts[line.own_id] = _receipt(contributor.code, line, record)
        key = keys[line.key]
        session.add(_submission(key, line, record.id, now, receipts[line.own_id]))
    return receipts


def _submission(
    key: ContributorKey, line: Line, record_id: uuid.UUID, now: datetime, receipt: str
) -> Submission:
    return Submission(
        contributor_id=key.contributor_id,
        own_id=line.own_id,
        action=line.action,
        digest=line.digest,
        key_id=key.id,
        signature=line.signature,
        record_id=record_id,
        received_at=now,
        receipt=receipt,
    )


def _receipt(code: str, line: Line, record: TransactionRecord) -> str:
    """Canonical JSON, signed by this marketplace."""
    seed = settings().receipt_key
    receipt: dict[str, Any] = {
        "contributor": code,
        "id": line.own_id,
        "action": str(line.action),
        "digest": line.digest,
        "record": str(record.id),
        "leaf_index": record.leaf_index,
        "leaf_hash": record.leaf_hash,
        "recorded_at": clock.moment_text(record.recorded_at),
        "marketplace": settings().marketplace_name,
        "public_key": signing.public_key(seed),
    }
    receipt["signature"] = signing.sign(seed, receipt_statement(receipt))
    return canonical_bytes(receipt).decode()


def _result(draft: Result | tuple[Line, SaleFacts], receipts: dict[str, str]) -> Result:
    if not isinstance(draft, Result):
        return Result(draft[0].own_id, ACCEPTED, receipts[draft[0].own_id])
    if draft.status == REPEATED and not draft.receipt and draft.own_id is not None:
        return Result(draft.own_id, REPEATED, receipts[draft.own_id])
    return draft


def receipt_of(result: Result) -> dict[str, Any]:
    """The receipt as JSON."""
    found: dict[str, Any] = json.loads(result.receipt)
    return found
