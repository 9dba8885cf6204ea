"""A modelled risk-compensation pool and a subsidy programme, so that their pages have something to show.

Names and amounts are made up; shares and rates are those reported of Zhongshan and Hefei, and marked as such.
"""

import uuid
from datetime import date

from demo import cast, script
from marketplace import clock
from marketplace.db import atomic
from marketplace.rule_packs import Basis
from payments.compensation import service as compensation
from payments.compensation.rules import Agreement, Party, PartyRole
from payments.funds.rules import EvidenceKind
from payments.subsidies import service as subsidies

POOL = "演示风险补偿资金池（模拟）"
POOL_MINOR, PROGRAMME_MINOR = 300_000_000, 50_000_000
_SHARES = {PartyRole.FUND: 54, PartyRole.BANK: 26, PartyRole.INSURER: 16, PartyRole.APPRAISER: 4}
_CAP_PER_FIRM = 100_000_000


def set_up() -> str:
    """Fay proposes, Finn approves, Olga and Otto find the money; returns the sentence that tells of it."""
    today = clock.now().astimezone(clock.LOCAL_ZONE).date()
    pool_id = _pool(today)
    programme_id = _programme(today.year)
    with atomic() as session:
        olga, keeper = cast.actor(session, "olga"), cast.actor(session, "fay").institution_id
        paid_in = compensation.contribute(
            session, olga, pool_id, keeper, minor=POOL_MINOR, bank_reference="DEMO-POOL-1"
        )
        budgeted = subsidies.contribute(
            session, olga, programme_id, minor=PROGRAMME_MINOR, bank_reference="DEMO-SUBSIDY-1"
        )
    with atomic() as session:
        otto = cast.actor(session, "otto")
        compensation.answer_movement(session, otto, paid_in.id, confirm=True)
        subsidies.answer_movement(session, otto, budgeted.id, confirm=True)
    return "A fund opens a modelled risk-compensation pool (54 : 26 : 16 : 4) and a subsidy programme."


def _pool(today: date) -> uuid.UUID:
    named = {
        PartyRole.FUND: str(script.actor("fay").institution_id),
        PartyRole.INSURER: str(script.actor("ivy").institution_id),
        PartyRole.APPRAISER: str(script.actor("bob").institution_id),
    }
    agreement = Agreement(
        parties=tuple(Party(role, share, named.get(role, "")) for role, share in _SHARES.items()),
        cap_per_firm_and_year=_CAP_PER_FIRM,
        evidence=(EvidenceKind.LOAN_CONTRACT, EvidenceKind.DISPOSAL_RECORD),
    )
    with atomic() as session:
        fay = cast.actor(session, "fay")
        pool = compensation.open_pool(
            session, fay, name=POOL, area="演示园区", currency="CNY", public_totals=True
        )
        version = compensation.propose_agreement(
            session,
            fay,
            pool.id,
            agreement,
            valid_from=today,
            basis=Basis.SECONDARY,
            source="中山 54 : 26 : 16 : 4（公开报道）；限额为模拟",
        )
    with atomic() as session:
        compensation.approve_agreement(session, cast.actor(session, "finn"), version.id)
    return pool.id


def _programme(year: int) -> uuid.UUID:
    with atomic() as session:
        fay = cast.actor(session, "fay")
        programme = subsidies.open_programme(
            session, fay, terms_name="hefei-park", year=year, budget_minor=PROGRAMME_MINOR
        )
        budget_id = programme.budgets[0].id
    with atomic() as session:
        subsidies.approve_budget(session, cast.actor(session, "finn"), budget_id)
    return programme.id
