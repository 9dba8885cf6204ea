"""The log in its databases: nodes kept, roots remembered and countersigned, time stamps asked for."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock
from marketplace.config import Config
from marketplace.db import ChangedHistory, atomic
from transactions import queries, service
from transactions.log import nodes, signing, stamping, stamps, tree, verification, witnessing
from transactions.log.models import CheckpointSignature, CheckpointStamp, LogNode, SeenCheckpoint
from transactions.log.notes import is_note_signed_by, note_text, read_note
from transactions.log.places import Tree
from transactions.log.proofs import note_of
from transactions.models import Checkpoint

from .sale_builders import a_sale_of
from .tampering import tamper
from .time_stamp_authority import Authority, running

COUNTS = (1, 4, 2, 5)


def grow(first: int, count: int) -> None:
    with atomic() as session:
        service.append(session, [a_sale_of(number) for number in range(first, first + count)])


def witness() -> bool:
    with atomic() as session:
        return witnessing.witness_due(session)


@pytest.fixture
def grown(app: Flask, session: Session) -> list[bytes]:
    for place, count in enumerate(COUNTS):
        grow(sum(COUNTS[:place]), count)
    return queries.leaf_hashes(session, sum(COUNTS))


def test_proofs_are_read_from_the_kept_nodes_for_every_size(session: Session, grown: list[bytes]) -> None:
    size = len(grown)
    expected = sum(size >> level for level in range(1, size.bit_length()))
    assert session.scalar(select(func.count()).select_from(LogNode)) == expected
    for older in range(1, size + 1):
        held = Tree(grown[:older])
        assert nodes.root_at(session, older) == held.root()
        index = older * older // 2 % older
        assert nodes.inclusion_proof(session, index, older) == held.inclusion_proof(index)
        assert nodes.consistency_proof(session, (older + 1) // 2, older) == held.consistency_proof(
            (older + 1) // 2
        )
    with pytest.raises(nodes.MissingNode):
        nodes.root_at(session, size + 1)
    tamper("DELETE FROM log_nodes WHERE level = 3")
    with pytest.raises(nodes.MissingNode):
        nodes.inclusion_proof(session, size - 1, size)


def test_a_node_is_history(session: Session, grown: list[bytes]) -> None:
    with pytest.raises(ChangedHistory), atomic() as writing:
        writing.scalars(select(LogNode)).first().hash = "0" * 64  # type: ignore[union-attr]


def test_a_checkpoint_is_remembered_once_and_countersigned_by_another(
    app: Flask, session: Session, grown: list[bytes]
) -> None:
    assert [witness(), witness()] == [True, False]
    seen = session.scalars(select(SeenCheckpoint)).one()
    assert seen.tree_size == len(grown)
    settings: Config = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, marketplace_name="neighbour", receipt_key=bytes(32))
    assert [witness(), witness()] == [True, False]
    session.rollback()
    point = session.get_one(Checkpoint, seen.tree_size)
    note = read_note(note_of(session, point))
    for signer, key in (("luochui-test", settings.receipt_key), ("neighbour", bytes(32))):
        assert is_note_signed_by(note, signer, signing.public_key(key))
    assert verification.verify_configured(session, settings).problems == ()


def test_a_rewritten_log_is_not_countersigned(app: Flask, session: Session, grown: list[bytes]) -> None:
    """Whoever keeps the shared database writes everything anew, with fitting hashes and signatures."""
    assert [witness(), witness()] == [True, False]
    for table in ("checkpoint_signatures", "checkpoints", "log_nodes", "transaction_records", "log_heads"):
        tamper(f"DELETE FROM {table}")  # noqa: S608
    for changed in range(2):
        grow(100 * changed, len(grown))
        session.rollback()
        found = verification.verify_configured(session, app.extensions["settings"]).problems
        assert found == (f"checkpoint {len(grown)}: not the root that this marketplace has seen",)
        with pytest.raises(witnessing.RewrittenLog):
            witness()


def test_a_log_that_was_cut_off_is_noticed(app: Flask, session: Session, grown: list[bytes]) -> None:
    assert [witness(), witness()] == [True, False]
    for table in ("checkpoint_signatures", "checkpoints", "log_nodes", "transaction_records", "log_heads"):
        tamper(f"DELETE FROM {table}")  # noqa: S608
    grow(0, 3)
    with pytest.raises(witnessing.RewrittenLog):
        witness()
    session.rollback()
    found = verification.verify_configured(session, app.extensions["settings"]).problems
    assert found == ("this marketplace has seen 12 records, now there are 3",)


def test_an_empty_log_needs_no_witness(app: Flask, session: Session) -> None:
    assert not witness()
    assert verification.verify_configured(session, app.extensions["settings"]).root == tree.EMPTY_ROOT.hex()


@pytest.fixture
def authority(app: Flask) -> Iterator[Authority]:
    with running() as started:
        settings: Config = app.extensions["settings"]
        app.extensions["settings"] = replace(
            settings, time_stamp_url=started.url, time_stamp_roots=started.write_roots(settings.home)
        )
        yield started


def test_checkpoints_are_stamped_now_and_then(
    app: Flask, session: Session, clock: FixedClock, authority: Authority
) -> None:
    assert stamping.stamp_due() == 0
    grow(0, 3)
    assert [stamping.stamp_due(), stamping.stamp_due()] == [1, 0]
    grow(3, 1)
    assert stamping.stamp_due() == 0
    clock.advance(minutes=11)
    assert stamping.stamp_due() == 1
    session.rollback()
    kept = list(session.scalars(select(CheckpointStamp).order_by(CheckpointStamp.tree_size)))
    assert [stamp.tree_size for stamp in kept] == [3, 4]
    assert kept[1].stamped_at == clock()
    settings: Config = app.extensions["settings"]
    verdict = verification.verify_configured(session, settings)
    assert (verdict.problems, verdict.stamps, verdict.unchecked_stamps) == ((), 2, 0)
    unknown = replace(settings, time_stamp_roots=None)
    assert verification.verify_configured(session, unknown).unchecked_stamps == 2
    tamper("UPDATE checkpoint_stamps SET tree_size = tree_size + 10")
    tamper("UPDATE checkpoint_stamps SET tree_size = 17 - tree_size")
    session.expire_all()
    assert len(verification.verify_configured(session, settings).problems) == 2
    assert len(verification.verify_configured(session, unknown).problems) == 2
    point = session.get_one(Checkpoint, 3)
    broken = CheckpointStamp(tree_size=3, authority="x", token=b"no stamp", stamped_at=clock())
    assert stamps.fault_of(broken, point, ()) == "does not fit"


MISBEHAVIOURS = ("nonsense", "refuses", "endless", "down", "another nonce", "another text", "another signer")


def test_what_an_authority_may_do_wrong(
    app: Flask, session: Session, clock: FixedClock, authority: Authority
) -> None:
    grow(0, 1)
    for misbehaviour in MISBEHAVIOURS:
        authority.misbehaviour = misbehaviour
        assert stamping.stamp_due() == 0, misbehaviour
        authority.misbehaviour = ""
        assert stamping.stamp_due() == 0, "it is left alone for a while"
        clock.advance(minutes=6)
    assert session.scalar(select(func.count()).select_from(CheckpointStamp)) == 0
    assert stamping.stamp_due() == 1


def test_without_an_authority_nothing_is_asked(app: Flask, session: Session) -> None:
    grow(0, 1)
    assert stamping.stamp_due() == 0


def test_a_stamp_is_over_one_text(clock: FixedClock) -> None:
    with running() as authority:
        text = note_text(1, "00" * 32)
        request = stamps.request_for(text)
        token = authority.answer(request.as_bytes())
        roots = [authority.root.certificate]
        assert stamps.checked(token, text, roots, request.nonce) == clock()
        for wrong in (b"another", text + b" "):
            with pytest.raises(stamps.BadStamp):
                stamps.checked(token, wrong, roots)
        with pytest.raises(stamps.BadStamp):
            stamps.checked(token, text, [Authority().root.certificate])


def test_the_tables_hold_one_signature_of_each_signer(session: Session, grown: list[bytes]) -> None:
    signatures = session.scalars(select(CheckpointSignature.tree_size)).all()
    assert sorted(signatures) == [1, 5, 7, 12]
