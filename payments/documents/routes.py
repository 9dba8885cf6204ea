"""Pages of documents: the list, one document and its PDF, the journal, and the check of a code by anybody."""

import json
import uuid
from functools import lru_cache
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from sqlalchemy import Select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from marketplace.access import Actor, Subject, Verb, may, require
from marketplace.db import atomic, db
from marketplace.deals import service as deals
from marketplace.deals.queries import find_deal
from marketplace.errors import NotFound, Refused
from marketplace.papers import grouped, read_code
from marketplace.taxes import Treatment
from marketplace.web import allowed, current_actor, limiter, public, show_refusal, signed_in
from payments.access import require_to_see
from payments.documents import listing, queries, service
from payments.documents.drawing import LANGUAGES, draw
from payments.documents.forms import CorrectForm, FilterForm
from payments.documents.models import Document
from payments.documents.words import TITLES
from payments.funds.sheets import MEDIA_TYPE
from payments.taxes.forms import RegistrationForm
from payments.taxes.queries import registration_of

blueprint = Blueprint("documents", __name__, template_folder="templates")

Page = str | BaseResponse | tuple[str, int]
PER_PAGE = 50
CHECKS_PER_MINUTE = "20/minute"
PAPERS_PER_MINUTE = "60/minute"
PAPERS_KEPT = 100


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"document_titles": TITLES, "grouped": grouped}


@blueprint.get("/money/documents")
@allowed(Verb.SEE_DOCUMENT)
def index() -> str:
    """The documents of the reader's institution; overseers see all."""
    form = FilterForm(request.args)
    everything = _everything(current_actor())
    chosen = form.chosen() if form.validate() else {}
    found = queries.readable(_whose(current_actor()), **chosen)
    return render_template(
        "documents/index.html",
        form=form,
        everything=everything,
        may_state=may(current_actor(), Verb.STATE_PARTICULARS),
        documents=db.paginate(found, per_page=PER_PAGE, error_out=False),
        asked={name: value for name, value in request.args.items() if name != "page" and value},
    )


@blueprint.get("/money/deals/<uuid:deal_id>/documents")
@signed_in
def of_deal(deal_id: uuid.UUID) -> str:
    """The documents of a deal that the reader may have, and the evidence of an exemption."""
    session, actor, deal = _reading(), current_actor(), find_deal(_reading(), deal_id)
    subject = deals.subject_of(session, deal)
    require_to_see(actor, subject)
    registration = registration_of(session, deal.id)
    exempt = deal.lot.price_tax is Treatment.EXEMPT
    may_file = may(actor, Verb.FILE_TRANSFER, subject)
    return render_template(
        "documents/deal.html",
        deal=deal,
        lot=deal.lot,
        documents=queries.of_deal(session, _whose(actor), deal.id),
        exempt=exempt,
        registration=registration,
        form=RegistrationForm(formdata=None) if exempt and registration is None and may_file else None,
    )


@blueprint.get("/money/documents/<uuid:document_id>")
@allowed(Verb.SEE_DOCUMENT)
def document(document_id: uuid.UUID) -> str:
    """One document: what it is, its paper in each language, what corrects it."""
    return _document_page(_find(document_id), CorrectForm(formdata=None))


@blueprint.get("/money/documents/<uuid:document_id>/paper")
@allowed(Verb.SEE_DOCUMENT)
@limiter.limit(PAPERS_PER_MINUTE)
def paper(document_id: uuid.UUID) -> Response:
    """The document as PDF, drawn from its content."""
    found = _find(document_id)
    language = request.args.get("language", "both")
    if language not in LANGUAGES:
        raise NotFound("document")
    content = json.dumps(found.content)
    answer = make_response(_drawn(content, found.digest, _address(found), language))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@lru_cache(maxsize=PAPERS_KEPT)
def _drawn(content: str, digest: str, url: str, language: str) -> bytes:
    """The paper, the latest of them from memory: a document never changes, and drawing takes a while."""
    return draw(json.loads(content), digest, url, language)


@blueprint.post("/money/documents/<uuid:document_id>/correction")
@allowed(Verb.CORRECT_INVOICE)
def correct(document_id: uuid.UUID) -> Page:
    """Take an invoice back by a credit note and issue it anew."""
    form, found = CorrectForm(), _find(document_id)
    if not form.validate_on_submit():
        return _document_page(found, form), 422
    try:
        with atomic() as session:
            _, renewed = service.correct(session, current_actor(), document_id, str(form.reason.data))
    except Refused as refused:
        show_refusal(form, refused)
        return _document_page(_find(document_id), form), refused.status
    flash(gettext("Corrected: a credit note takes the old invoice back, this one replaces it."))
    return redirect(url_for("documents.document", document_id=renewed.id), code=303)


@blueprint.get("/money/documents/journal.csv")
@allowed(Verb.SEE_DOCUMENT)
def journal_csv() -> Response:
    """Invoices and credit notes for the books of accounts."""
    answer = make_response(listing.journal_csv(_reading().scalars(_journal())))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = 'attachment; filename="invoice-journal.csv"'
    return answer


@blueprint.get("/money/documents/journal.xlsx")
@allowed(Verb.SEE_DOCUMENT)
def journal_xlsx() -> Response:
    """The same as a workbook."""
    content = listing.journal_xlsx(_reading().scalars(_journal()), gettext("Invoice journal"))
    answer = make_response(content)
    answer.mimetype = MEDIA_TYPE
    answer.headers["Content-Disposition"] = 'attachment; filename="invoice-journal.xlsx"'
    return answer


@blueprint.get("/documents")
@public
@limiter.limit(CHECKS_PER_MINUTE)
def check_code() -> Page:
    """The form for a code; a code that was typed leads to its page."""
    typed = request.args.get("code", "")[:200]
    if not typed.strip():
        return render_template("documents/check.html", typed="", unknown=False, found=None)
    code = read_code(typed)
    return _unknown(typed) if code is None else redirect(url_for("documents.checked", code=code), code=303)


@blueprint.get("/documents/<code>")
@public
@limiter.limit(CHECKS_PER_MINUTE)
def checked(code: str) -> Page:
    """What the document with this code says, for whoever holds the paper."""
    read = read_code(code[:200])
    found = queries.by_code(_reading(), read) if read else None
    if found is None:
        return _unknown(code[:200])
    credit = queries.credit_note_of(_reading(), found.id)
    page = render_template("documents/check.html", typed="", unknown=False, found=found, credit=credit)
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _unknown(typed: str) -> tuple[str, int]:
    return render_template("documents/check.html", typed=typed, unknown=True, found=None), 404


def _find(document_id: uuid.UUID) -> Document:
    """The document, for its readers and the overseers; anybody else finds none."""
    found, actor = queries.document(_reading(), document_id), current_actor()
    if found is None:
        raise NotFound("document")
    if not _everything(actor):
        readers = frozenset(reader.institution_id for reader in found.readers)
        require(actor, Verb.SEE_DOCUMENT, Subject(parties=readers))
    return found


def _document_page(found: Document, form: CorrectForm) -> str:
    session, actor = _reading(), current_actor()
    credit = queries.credit_note_of(session, found.id)
    own = found.issuer_id is not None and may(actor, Verb.CORRECT_INVOICE, Subject(owner_id=found.issuer_id))
    related = [
        (gettext("Taken back by"), credit),
        (gettext("Replaced by"), queries.replacement_of(session, found.id)),
        (gettext("Takes back"), queries.document(session, found.corrects_id) if found.corrects_id else None),
        (gettext("Replaces"), queries.document(session, found.replaces_id) if found.replaces_id else None),
    ]
    return render_template(
        "documents/document.html",
        document=found,
        related=[(label, other) for label, other in related if other is not None],
        credited=credit is not None,
        address=_address(found),
        form=form if own and credit is None and found.kind == "invoice" else None,
    )


def _address(found: Document) -> str:
    """Where anybody checks the code."""
    return f"{current_app.extensions['settings'].public_url}/documents/{found.code}"


def _journal() -> Select[Document]:
    form = FilterForm(request.args)
    chosen = form.chosen() if form.validate() else {}
    days = {name: chosen.get(name) for name in ("since", "until")}
    return queries.journal(_whose(current_actor()), **days).limit(listing.MOST_ROWS)


def _everything(actor: Actor) -> bool:
    return may(actor, Verb.SEE_OPERATIONS)


def _whose(actor: Actor) -> uuid.UUID | None:
    return None if _everything(actor) else actor.institution_id


def _reading() -> Session:
    return db.session()
