"""Pools: the list, a pool with its terms and its money, its agreement, money in and out."""

import uuid

from flask import redirect, render_template, url_for
from flask_babel import gettext

from marketplace import clock
from marketplace.access import InstitutionKind, Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.rule_packs import Basis
from marketplace.web import allowed, current_actor, optional_actor, public, show_refusal
from payments.compensation import queries, service, views
from payments.compensation.access import keeps, reads_terms, sees_pool
from payments.compensation.forms import AgreementForm, PoolForm
from payments.compensation.models import CompensationPool
from payments.compensation.routes.shared import Page, blueprint, done, known_pool, reading
from payments.compensation.rules.agreement import read
from payments.compensation.service.pools import parties_of
from payments.funds import queries as funds
from payments.funds.forms import ContributionForm, WithdrawalForm


@blueprint.get("/compensation")
@public
def pools() -> Page:
    """The pools that the reader may know, with their totals."""
    return _pools(PoolForm(formdata=None))


def _pools(form: PoolForm) -> str:
    actor = optional_actor()
    found = [pool for pool in queries.all_pools(reading()) if sees_pool(actor, pool)]
    rows = [(pool, _totals(pool)) for pool in found]
    return render_template("compensation/pools.html", rows=rows, form=form)


def _totals(pool: CompensationPool) -> queries.Totals | None:
    """To everybody where the pool's terms say so, otherwise to whoever keeps or oversees it."""
    seen = pool.public_totals or keeps(optional_actor(), pool)
    return queries.totals_of(reading(), pool) if seen else None


@blueprint.post("/compensation")
@allowed(Verb.KEEP_FUND)
def open_pool() -> Page:
    """Open a pool of one's own."""
    form = PoolForm()
    if not form.validate_on_submit():
        return _pools(form), 422
    try:
        with atomic() as session:
            pool = service.open_pool(
                session,
                current_actor(),
                name=str(form.name.data),
                area=str(form.area.data),
                currency=str(form.pool_currency.data),
                public_totals=bool(form.public_totals.data),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _pools(form), refused.status
    return redirect(url_for("compensation.pool", pool_id=pool.id), code=303)


@blueprint.get("/compensation/pools/<uuid:pool_id>")
@public
def pool(pool_id: uuid.UUID) -> Page:
    """A pool: its totals, its terms, and for whoever keeps or oversees it everything."""
    return show_pool(known_pool(pool_id, optional_actor()))


def show_pool(pool: CompensationPool, problem: str = "") -> str:
    actor, session = optional_actor(), reading()
    today = clock.now().astimezone(clock.LOCAL_ZONE).date()
    whole, totals = keeps(actor, pool), _totals(pool)
    in_force = queries.agreement_in_force(session, pool.id, today)
    versions = queries.agreements_of(session, pool.id) if reads_terms(actor, pool) else []
    parties = parties_of(session, pool)
    names = {party_id: party.name for party_id, party in parties.items()}
    contribution, withdrawal = ContributionForm(formdata=None), WithdrawalForm(formdata=None)
    for form in (contribution, withdrawal):
        form.offer(names)
    held = funds.accounts_of(session, queries.fund_of(session, pool).purpose, pool.id) if whole else []
    return render_template(
        "compensation/pool.html",
        pool=pool,
        problem=problem,
        whole=whole,
        totals=totals,
        use=views.use_of(totals) if totals else None,
        in_force=in_force,
        terms=read(in_force.terms) if in_force and versions else None,
        versions=[(row, read(row.terms)) for row in versions],
        parties=parties,
        held=[(names.get(uuid.UUID(row.party.partition(":")[2]), ""), -row.balance_minor) for row in held],
        movements=funds.movements_of(session, pool.id) if whole else [],
        claims=queries.claims_on(session, pool.id) if whole else [],
        contribution=contribution,
        withdrawal=withdrawal,
        actor=actor,
    )


@blueprint.get("/compensation/pools/<uuid:pool_id>/agreement")
@allowed(Verb.KEEP_FUND)
def agreement(pool_id: uuid.UUID) -> Page:
    """The form for the next version of a pool's agreement."""
    found = known_pool(pool_id, current_actor())
    return _agreement(found, AgreementForm(formdata=None, review_days=20, payment_days=20))


@blueprint.post("/compensation/pools/<uuid:pool_id>/agreement")
@allowed(Verb.KEEP_FUND)
def propose_agreement(pool_id: uuid.UUID) -> Page:
    """Propose it; a second person has to approve it."""
    found, form = known_pool(pool_id, current_actor()), AgreementForm()
    form.currency = found.currency
    form.offer(_named())
    if not form.validate_on_submit():
        return _agreement(found, form), 422
    try:
        with atomic() as session:
            service.propose_agreement(
                session,
                current_actor(),
                pool_id,
                form.agreement(found.keeper_id),
                valid_from=form.day,
                basis=Basis(form.basis.data),
                source=str(form.source.data),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _agreement(found, form), refused.status
    return redirect(url_for("compensation.pool", pool_id=pool_id), code=303)


def _agreement(pool: CompensationPool, form: AgreementForm) -> str:
    form.offer(_named())
    return render_template("compensation/agreement.html", pool=pool, form=form)


def _named() -> dict[str, dict[uuid.UUID, str]]:
    """The verified institutions that may be insurer, guarantor or appraiser."""
    kinds = {
        "insurer": InstitutionKind.INSURER,
        "guarantor": InstitutionKind.GUARANTOR,
        "appraiser": InstitutionKind.AGENCY,
    }
    return {role: queries.verified_of_kind(reading(), kind) for role, kind in kinds.items()}


@blueprint.post("/compensation/agreements/<uuid:agreement_id>/approve")
@allowed(Verb.RELEASE_FUND)
def approve_agreement(agreement_id: uuid.UUID) -> Page:
    """The second person."""
    pool_id = queries.find_agreement(reading(), agreement_id).pool_id
    act = lambda session: service.approve_agreement(session, current_actor(), agreement_id)  # noqa: E731
    return answer(pool_id, done(None, act, gettext("Approved.")))


def answer(pool_id: uuid.UUID, problem: str) -> Page:
    """Back to the pool, or its page with the problem."""
    if problem:
        return show_pool(known_pool(pool_id, current_actor()), problem), 422
    return redirect(url_for("compensation.pool", pool_id=pool_id), code=303)
