"""The log for people and programs: proofs of records, checkpoints, and that the log only grew."""

import uuid

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask_babel import gettext
from sqlalchemy import select

from marketplace import clock
from marketplace.clock import LOCAL_ZONE
from marketplace.config import Config
from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.web import limiter, public
from transactions import queries
from transactions.disclosure.rules import ANYBODY, Shown, shown
from transactions.log import checking, picture, proofs, signing, texts, tree, views
from transactions.log.forms import CheckForm
from transactions.models import Checkpoint, TransactionRecord
from transactions.rules.facts import FACT_NAMES

blueprint = Blueprint("price_log", __name__, template_folder="templates")

PAGE_SIZE = 50


@blueprint.get("/sales/<uuid:record_id>/proof")
@public
def proof_page(record_id: uuid.UUID) -> str:
    """What is proved of a record, the path drawn, and how anybody checks it."""
    record, view = _find(record_id)
    session = db.session()
    found = proofs.of_record(session, record, request.args.get("size", type=int))
    leaf = tree.leaf_hash(proofs.sealed(record))
    taken = _taken(record, found, leaf)
    return render_template(
        "price_log/proof.html",
        record=record,
        facts=view.facts,
        titled="title" not in view.withheld,
        proof=found,
        steps=taken,
        picture=picture.picture(leaf, taken),
        visible=sorted(_visible(view)) if view.facts.record_version else [],
    )


def _taken(record: TransactionRecord, found: proofs.Proof | None, leaf: bytes) -> list[picture.Step]:
    if found is None:
        return []
    path = [bytes.fromhex(part) for part in found.path]
    return picture.steps(leaf, record.leaf_index, found.checkpoint.tree_size, path)


@blueprint.get("/sales/<uuid:record_id>/proof.json")
@limiter.limit("60/minute")
@public
def proof_file(record_id: uuid.UUID) -> Response:
    """Everything somebody outside needs to check that the record stands in the signed log."""
    record, view = _find(record_id)
    session = db.session()
    proof = proofs.of_record(session, record, request.args.get("size", type=int))
    return jsonify(proofs.as_json(session, record, proof, _visible(view)))


@blueprint.get("/sales/checkpoint.json")
@limiter.limit("60/minute")
@public
def latest_checkpoint() -> Response:
    """The latest signed checkpoint; with `?since=SIZE` also the proof that the log of that size only grew."""
    session = db.session()
    point = queries.latest_checkpoint(session)
    if point is None:
        return jsonify(checkpoint=None)
    answer = {"checkpoint": proofs.checkpoint_json(session, point)}
    since = request.args.get("since", type=int)
    path = proofs.consistency(session, since, point.tree_size) if since else None
    if path is not None:
        answer["consistency"] = {"since": since, "path": path}
    return jsonify(answer)


@blueprint.get("/sales/log")
@public
def checkpoints() -> str:
    """The history of checkpoints, the latest first."""
    page = db.paginate(
        select(Checkpoint).order_by(Checkpoint.tree_size.desc()), per_page=PAGE_SIZE, max_per_page=PAGE_SIZE
    )
    latest = queries.latest_checkpoint(db.session())
    vouched = views.vouched(db.session(), latest) if latest else None
    return render_template("price_log/checkpoints.html", page=page, vouched=vouched)


@blueprint.get("/sales/log/<int:size>")
@public
def checkpoint(size: int) -> str:
    """One checkpoint: its root, who signed and stamped it."""
    point = _checkpoint(size)
    return render_template("price_log/checkpoint.html", vouched=views.vouched(db.session(), point))


@blueprint.get("/sales/log/checkpoint")
@limiter.limit("60/minute")
@public
def latest_note() -> Response:
    """The latest checkpoint as a signed note, as tools of other logs read it."""
    point = queries.latest_checkpoint(db.session())
    if point is None:
        raise NotFound("checkpoint")
    return note(point.tree_size)


@blueprint.get("/sales/log/<int:size>/note")
@limiter.limit("60/minute")
@public
def note(size: int) -> Response:
    """A checkpoint as a signed note."""
    return Response(proofs.note_of(db.session(), _checkpoint(size)), mimetype="text/plain")


@blueprint.get("/sales/log/<int:size>/stamp/<int:number>.tsr")
@limiter.limit("60/minute")
@public
def stamp(size: int, number: int) -> Response:
    """A time stamp over a checkpoint's note, as the authority gave it: the first is number 1."""
    stamps = proofs.stamps_of(db.session(), _checkpoint(size).tree_size)
    if not 1 <= number <= len(stamps):
        raise NotFound(str(number))
    return Response(stamps[number - 1].token, mimetype="application/timestamp-reply")


@blueprint.get("/sales/log/consistency")
@public
def consistency() -> str:
    """Whether the log of one checkpoint is the beginning of that of another."""
    found = views.growth(db.session(), _checkpoint(_asked("old")), _checkpoint(_asked("new")))
    return render_template("price_log/consistency.html", growth=found)


@blueprint.get("/sales/log/consistency.json")
@limiter.limit("60/minute")
@public
def consistency_file() -> Response:
    """The proof between two checkpoints, `?old=SIZE&new=SIZE`."""
    session = db.session()
    found = views.growth(session, _checkpoint(_asked("old")), _checkpoint(_asked("new")))
    return jsonify(
        old=proofs.checkpoint_json(session, found.old),
        new=proofs.checkpoint_json(session, found.new),
        path=list(found.path),
    )


@blueprint.route("/sales/log/check", methods=["GET", "POST"])
@limiter.limit("30/minute", methods=["POST"])
@public
def check() -> tuple[str, int]:
    """Check a downloaded proof; nothing of it is kept."""
    form, report, status = CheckForm(), None, 200
    if form.is_submitted():
        status = 422
        if form.validate():
            report = _checked(form)
            status = 200 if report else 422
    return render_template("price_log/check.html", form=form, report=report, words=texts), status


def _checked(form: CheckForm) -> checking.Report | None:
    settings: Config = current_app.extensions["settings"]
    try:
        document = checking.read_proof(form.handed_in())
        report = checking.check(document)
        if report.signer == settings.marketplace_name:
            report = checking.check(document, signing.public_key(settings.receipt_key))
    except checking.MalformedProof as fault:
        text = gettext(
            "This is not a proof of this log: “%(field)s” is not as it must be.", field=fault.field
        )
        form.form_errors.append(text)
        return None
    return report


def _visible(view: Shown) -> frozenset[str]:
    return frozenset(FACT_NAMES) - view.withheld - view.coarse


def _find(record_id: uuid.UUID) -> tuple[TransactionRecord, Shown]:
    """A record that anybody may know of, as anybody sees it."""
    record = db.session().get(TransactionRecord, record_id)
    today = clock.now().astimezone(LOCAL_ZONE).date()
    view = shown(record.facts(), ANYBODY, today) if record else None
    if record is None or view is None:
        raise NotFound(str(record_id))
    return record, view


def _asked(name: str) -> int:
    return request.args.get(name, 0, type=int)


def _checkpoint(size: int) -> Checkpoint:
    point = db.session().get(Checkpoint, size) if size < 2**63 else None
    if point is None:
        raise NotFound(str(size))
    return point
