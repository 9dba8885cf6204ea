"""What `flask transactions verify` prints: of the whole log, or of one downloaded proof."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from marketplace.config import Config
from transactions.log import checking, verification

FINE, DIFFERS, BAD_INPUT = 0, 1, 2

_STEPS = {
    checking.Step.LEAF: "the leaf is the hash of its bytes",
    checking.Step.PATH: "the path leads from the leaf to the root",
    checking.Step.STATEMENT: "the statement is signed and says this root",
    checking.Step.NOTE: "the note is signed and says this root",
    checking.Step.FIELDS: "the shown fields are those that were sealed",
    checking.Step.SIGNER: "the signer's key is the one you trust",
}
_WORDS = {True: "holds  ", False: "differs", None: "open   "}


@dataclass(frozen=True, slots=True)
class Printed:
    """The same in lines and as one JSON object, and how the command ends."""

    facts: dict[str, Any]
    text: list[str]
    exit_code: int


def of_log(session: Session, settings: Config) -> Printed:
    """The verdict about the log."""
    verdict = verification.verify_configured(session, settings)
    facts = {
        "ok": not verdict.problems,
        "records": verdict.size,
        "checkpoints": verdict.checkpoints,
        "signatures": verdict.signatures,
        "stamps": verdict.stamps,
        "unchecked_stamps": verdict.unchecked_stamps,
        "root": verdict.root,
        "problems": list(verdict.problems),
    }
    lines = [
        f"{verdict.size} records, {verdict.checkpoints} checkpoints, root {verdict.root}",
        f"{verdict.signatures} signatures of notes, {verdict.stamps} time stamps",
    ]
    if verdict.unchecked_stamps:
        lines.append(f"not checked who signed {verdict.unchecked_stamps} time stamps: set TIME_STAMP_ROOTS")
    lines += [f"differs: {problem}" for problem in verdict.problems]
    return Printed(facts, lines, DIFFERS if verdict.problems else FINE)


def of_file(file: Path, trusted_key: str) -> Printed:
    """The report about a proof; exit 2 for a file that is none, with the field and the reason."""
    try:
        with file.open("rb") as opened:
            document = checking.read_proof(opened.read(checking.BYTES_LIMIT + 1))
        report = checking.check(document, trusted_key)
    except checking.MalformedProof as fault:
        facts: dict[str, Any] = {
            "ok": False, "file": file.name, "field": fault.field, "reason": fault.reason
        }  # fmt: skip
        return Printed(facts, [f"{file.name}: {fault}"], BAD_INPUT)
    facts = {
        "ok": report.holds,
        "file": file.name,
        "record": report.record_id,
        "leaf_index": report.leaf_index,
        "tree_size": report.tree_size,
        "root": report.root,
        "signer": report.signer,
        "public_key": report.public_key,
        "shown": dict(report.shown),
        "steps": {finding.step.value: finding.holds for finding in report.findings},
    }
    lines = [f"{file.name}: leaf {report.leaf_index} of {report.tree_size}, root {report.root}"]
    for finding in report.findings:
        about = f" ({', '.join(finding.about)})" if finding.about else ""
        lines.append(f"{_WORDS[finding.holds]}  {_STEPS[finding.step]}{about}")
    return Printed(facts, lines, FINE if report.holds else DIFFERS)
