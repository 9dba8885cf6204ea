"""The pages of compensation and subsidies: who sees what, the whole way through the forms, the files."""

import hashlib
import io
import re
import uuid
from typing import Any

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader

from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.parties.models import Institution, Person
from payments.compensation import service
from payments.compensation.models import CompensationPool
from payments.compensation.rules import ClaimStatus
from payments.funds.rules import EvidenceKind

from .compensation_stage import (
    Stage,
    a_claim,
    a_pool,
    claim_of,
    labour,
    pay_in,
    pay_payouts,
    sold_with_a_remainder,
)
from .subsidy_desk import a_desk, another_firm, applied

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def stage(app: Flask, clock: FixedClock) -> Stage:
    return a_pool(sold_with_a_remainder())


class Window:
    """A browser in which somebody of an institution is signed in."""

    def __init__(self, app: Flask, person_id: uuid.UUID | None) -> None:
        self.client: FlaskClient = app.test_client()
        if person_id is not None:
            with atomic() as session:
                person = session.get_one(Person, person_id)
            signed_in(self.client, person)

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text[:2000]
        return answer.text

    def post(self, path: str, status: int = 303, /, **values: Any) -> str:
        answer = self.client.post(path, data=values)
        assert answer.status_code == status, re.sub(r"<[^>]+>", " ", answer.text)[:3000]
        return answer.headers.get("Location", answer.text)


def of_kind(app: Flask, kind: InstitutionKind, institution_id: uuid.UUID | None = None) -> Window:
    """An officer of a new institution of that kind, or of the given one."""
    with atomic() as session:
        given = session.get_one(Institution, institution_id) if institution_id else None
        person = a_person(session, given or an_institution(session, kind), "Rita", frozenset({Role.OFFICER}))
    return Window(app, person.id)


def test_a_claim_goes_all_the_way_through_its_forms(app: Flask, stage: Stage) -> None:
    alice, fay, finn = (Window(app, one.person_id) for one in (stage.bank, stage.fay, stage.finn))
    settlement = alice.get(f"/money/deals/{stage.deal_id}/settlement")
    form = f"/compensation/lots/{stage.scene.lot.id}/claim"
    assert form in settlement
    assert "1,000,000.00 CNY" in alice.get(form)
    assert "1,000,000.00" in alice.get("/compensation/claims")
    stated = {"pool": stage.pool_id, "size": "small", "lent_on": "2024-01-10", "due_on": "2025-01-10"}
    refused = alice.post(form, 422, loan="1,200,000.00", **(stated | {"due_on": "2023-01-10"}))
    assert "must be due after it was paid out" in refused
    claim = alice.post(form, loan="1,200,000.00", **stated)
    assert alice.post(form, 409, loan="1.00", **stated)
    assert "The bank has still to name: Loan contract." in alice.get(claim)
    assert "Review" in fay.get(claim)
    fay.post(f"{claim}/review", 422, reason="complete")
    file = (io.BytesIO(b"the contract"), "contract.pdf")
    alice.post(f"{claim}/evidence", kind="loan_contract", reference="L-2024-17", file=file)
    assert hashlib.sha256(b"the contract").hexdigest() in alice.get(claim)
    fay.post(f"{claim}/review", reason="The file is complete")
    assert "540,000.00 CNY" in finn.get(claim)
    seen = re.search(r'name="seen_hash" value="([0-9a-f]{64})"', finn.get(claim))
    assert seen is not None
    finn.post(f"{claim}/release", 422, seen_hash="0" * 64)
    finn.post(f"{claim}/release", seen_hash=seen[1])
    claim_id = uuid.UUID(claim.rsplit("/", 1)[1])
    for party in (stage.insurer, stage.appraiser):
        pay_in(stage, party.id, 16_000_000)
    labour()
    pay_payouts(stage)
    labour()
    alice.post(f"{claim}/recoveries", amount="100,000.00", document="Transfer of the debtor")
    with atomic() as session:
        recovery = claim_of(session, claim_id).recoveries[0].id
    olga = Window(app, stage.scene.olga.person_id)
    assert "74,000.00 CNY" in olga.get(claim)
    olga.post(f"/compensation/recoveries/{recovery}/confirm", bank_reference="B77")
    with atomic() as session:
        assert claim_of(session, claim_id).status is ClaimStatus.PARTLY_RECOVERED
    assert "54,000.00 CNY" in alice.get(claim)


def test_who_sees_a_claim_and_a_pool(app: Flask, stage: Stage) -> None:
    claim = f"/compensation/claims/{a_claim(stage)}"
    pool = f"/compensation/pools/{stage.pool_id}"
    with atomic() as session:
        service.review(session, stage.fay, uuid.UUID(claim.rsplit("/", 1)[1]), "complete")
    for kind in (InstitutionKind.BANK, InstitutionKind.FUND, InstitutionKind.INSURER, InstitutionKind.BUYER):
        of_kind(app, kind).get(claim, 404)
    of_kind(app, InstitutionKind.INSURER, stage.insurer.id).get(claim)
    rita = of_kind(app, InstitutionKind.REGULATOR)
    assert "Taishan Motors" in rita.get(claim)
    assert "Taishan Motors" in rita.get(pool)
    visitor = Window(app, None)
    page = visitor.get(pool)
    assert "2,000,000.00 CNY" in page  # its terms let everybody see the totals
    assert "Taishan Motors" not in page
    share = '<td class="number">54</td>'
    assert share in rita.get(pool)
    assert share not in page
    with atomic() as session:
        session.get_one(CompensationPool, stage.pool_id).public_totals = False
    visitor.get(pool, 404)
    assert "Zhongshan pool" not in visitor.get("/compensation")
    assert "Zhongshan pool" in of_kind(app, InstitutionKind.BANK).get("/compensation")
    of_kind(app, InstitutionKind.BANK).get(f"{pool}/statement", 404)


def test_a_pool_is_opened_agreed_and_filled_in_the_browser(app: Flask, stage: Stage) -> None:
    fay, finn = Window(app, stage.fay.person_id), Window(app, stage.finn.person_id)
    olga, otto = (Window(app, one.person_id) for one in (stage.scene.olga, stage.scene.otto))
    fay.post("/compensation", 422, name="", area="x", pool_currency="CNY")
    fay.post("/compensation", 409, name="Zhongshan pool", area="x", pool_currency="CNY")
    pool = fay.post("/compensation", name="=Zhuhai", area="Zhuhai", pool_currency="CNY")
    terms = {"share_fund": 40, "share_bank": 60, "covers": "claim", "review_days": 10, "payment_days": 10}
    more = {"valid_from": "2026-03-02", "basis": "S", "source": "Zhuhai, as reported", "evidence": "invoice"}
    fay.post(f"{pool}/agreement", 422, **(terms | more | {"share_fund": 0}))
    fay.post(f"{pool}/agreement", **(terms | more))
    approve = re.search(r'action="(/compensation/agreements/[^"]+)"', finn.get(pool))
    assert approve is not None
    finn.post(approve[1])
    fund = stage.fay.institution_id
    olga.post(f"{pool}/contributions", 422, party=fund, amount="x", bank_reference="Z1")
    olga.post(f"{pool}/contributions", party=fund, amount="500.00", bank_reference="Z1")
    confirm = re.search(r'action="(/compensation/movements/[^"]+/confirm)"', otto.get(pool))
    assert confirm is not None
    otto.post(confirm[1])
    assert "Zhongshan risk fund" in olga.get("/money/bank").partition(">Z1<")[0].rpartition("<tr>")[2]
    fay.post(f"{pool}/withdrawals", 422, party=fund, amount="501.00", reason="x")
    fay.post(f"{pool}/withdrawals", party=fund, amount="100.00", reason="Year's end")
    refuse = re.search(r'action="(/compensation/movements/[^"]+/refuse)"', finn.get(pool))
    assert refuse is not None
    finn.post(refuse[1])
    assert "500.00 CNY" in fay.get(f"{pool}/statement")
    book = load_workbook(io.BytesIO(fay.client.get(f"{pool}/statement.xlsx").data))
    assert [cell.value for cell in book["Statement"][2]][1:] == ["Paid in", "Zhongshan risk fund", 500, 500]


def test_the_claim_file_can_be_saved_and_no_text_of_it_is_a_formula(app: Flask, stage: Stage) -> None:
    claim_id = a_claim(stage)
    with atomic() as session:
        kind, formula = EvidenceKind.DEFAULT_NOTICE, "=HYPERLINK(1)"
        service.add_evidence(session, stage.bank, claim_id, kind, reference=formula)
        service.review(session, stage.fay, claim_id, "complete")
    alice = Window(app, stage.bank.person_id)
    paper = alice.client.get(f"/compensation/claims/{claim_id}/file.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages)
    for words in (
        "风险补偿申请书",
        "Claim for risk compensation",
        "540,000.00 CNY",
        "壹佰万元整",
        "质权登记证书",
    ):
        assert words in text, words
    sheet = alice.client.get(f"/compensation/claims/{claim_id}/file.xlsx")
    book = load_workbook(io.BytesIO(sheet.data))
    cells = [cell for one in book for row in one.iter_rows() for cell in row]
    assert "=HYPERLINK(1)" in {cell.value for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}
    assert 540_000 in {cell.value for cell in cells}
    rita = of_kind(app, InstitutionKind.REGULATOR)
    listed = rita.client.get("/compensation/claims.xlsx?since=2026-01-01&until=2026-12-31")
    assert "Taishan Motors" in [
        cell.value for cell in load_workbook(io.BytesIO(listed.data)).worksheets[0][2]
    ]
    assert rita.client.get("/compensation/claims.xlsx?since=2026-12-31&until=2026-01-01").status_code == 404
    assert alice.client.get("/compensation/claims.xlsx?since=2026-01-01&until=2026-12-31").status_code == 403


def test_a_subsidy_goes_all_the_way_through_its_forms(app: Flask, clock: FixedClock) -> None:
    desk = a_desk()
    fay, finn, carol = (Window(app, one.person_id) for one in (desk.fay, desk.finn, desk.carol))
    programme = f"/subsidies/programmes/{desk.programme_id}"
    assert "From a secondary source, not confirmed" in Window(app, None).get(programme)
    assert "Guarantee fee" in carol.get(f"{programme}/apply")
    stated = {"size": "small", "paid_on": "2026-02-01"}
    assert "No cost is stated." in carol.post(f"{programme}/apply", 422, **stated)
    row = carol.post(f"{programme}/apply", appraisal_fee="200,000.00", **stated)
    page = carol.get(row)
    assert "150,000.00 CNY" in page
    assert "−50,000.00 CNY" in page  # what the firm's cap took
    for kind in ("loan_contract", "invoice", "proof_of_payment"):
        carol.post(f"{row}/evidence", kind=kind, reference="No 5", digest="ab" * 32)
    carol.post(f"{row}/evidence", 422, kind="invoice", reference="No 6", digest="short")
    another = applied(desk, 5, another_firm())
    carol.get(f"/subsidies/applications/{another.id}", 404)
    fay.post(f"{row}/review", reason="complete")
    seen = re.search(r'name="seen_hash" value="([0-9a-f]{64})"', finn.get(row))
    assert seen is not None
    finn.post(f"{row}/approve", seen_hash=seen[1])
    assert "being paid" in carol.get(row)
    fay.post(f"{programme}/budget", budget="5.00")
    approve = re.search(r'action="(/subsidies/budgets/[^"]+)"', finn.get(programme))
    assert approve is not None
    finn.post(approve[1])
    for window in (fay, finn, carol):
        window.get("/subsidies/today")
        window.get("/subsidies/applications")
    rita = of_kind(app, InstitutionKind.REGULATOR)
    listed = rita.client.get("/subsidies/applications.xlsx?since=2026-01-01&until=2026-12-31")
    rows = list(load_workbook(io.BytesIO(listed.data)).worksheets[0].values)
    assert rows[1][-1] == 150_000
    assert len(rows) == 3
    assert "Hefei park" in rita.get("/subsidies")
    fay.post("/subsidies", 409, terms_name="hefei-park", year=2026, budget="5.00")
    assert fay.post("/subsidies", terms_name="hefei-park", year=2027, budget="5.00").startswith(
        programme[:22]
    )


def test_a_bank_applies_for_a_firm_by_its_number(app: Flask, clock: FixedClock) -> None:
    desk = a_desk()
    bank = of_kind(app, InstitutionKind.BANK)
    form = f"/subsidies/programmes/{desk.programme_id}/apply"
    stated = {"size": "small", "paid_on": "2026-02-01", "interest": "100.00", "firm": "Taishan Motors"}
    wrong = bank.post(form, 422, registration_number="91110108551385082X", **stated)
    assert "aria-invalid" in wrong
    row = bank.post(form, registration_number="91110108551385082Q", **stated)
    assert "50.00 CNY" in bank.get(row)
    bank.post(f"{row}/withdraw", reason="The firm has applied itself")
    assert "withdrawn" in bank.get(row)
