"""The pages of valuations: one lot, its report on paper and as JSON, what others see of it."""

import hashlib
import io
import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from marketplace.canonical import canonical_bytes
from marketplace.listings.rules import LotStatus

from .valuing_cast import a_bank, a_lot_of, a_model, browser_of, keep_model, sales


def see(client: FlaskClient, path: str, **headers: str) -> str:
    answer = client.get(path, headers={"Accept-Language": "en", **headers})
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def text_of(paper: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)


STATED = {
    "basis": "forced_liquidation",
    "kind": "royalty",
    "revenue": "1,000,000\n1,100,000.50",
    "rate": "5",
    "discount": "12.5",
    "tax": "25",
    "source": "the debtor's plan of 2025",
    "score_stability": "4",
    "score_demand": "5",
}


def test_a_bank_values_a_lot_and_reads_the_report(app: Flask) -> None:
    bank, alice, _actor = a_bank()
    sales(7)
    sales(2, title="In vain", outcome="unsold", price_minor=None, start_price_minor=70_000_00)
    keep_model(a_model())
    lot = a_lot_of(bank, claim_minor=5_000_000)
    browser = browser_of(app, alice)
    assert "No valuation yet" in see(browser, "/valuations")
    assert lot.reference in see(browser, "/valuations/new")
    assert "Scorecard" in see(browser, f"/valuations/new?lot={lot.id}")
    answer = browser.post(f"/valuations/new?lot={lot.id}", data=STATED)
    assert answer.status_code == 303, answer.text
    address = answer.headers["Location"]
    page = see(browser, address)
    for words in ("Liquidation value, forced", "Adjustment grid", "Income approach", "Start prices"):
        assert words in page
    assert "not an appraisal" in page
    told = browser.get(f"{address}.json").get_json()
    content = {"inputs": told["inputs"], "result": told["result"]}
    assert hashlib.sha256(canonical_bytes(content)).hexdigest() == told["digest"]
    assert told["label"] == "estimate, not an appraisal"
    assert told["inputs"]["asked"]["income"]["revenue_minor"] == [100_000_000, 110_000_050]
    assert told["result"]["income"]["value_minor"] > 0
    for language, printed in (
        ("both", ("估值报告", "Valuation report", "Adjusted price", told["digest"][:32])),
        ("zh", ("调整", "价值类型")),
        ("en", ("An estimate, not an appraisal.", "Suggested start price", "the debtor's plan of 2025")),
    ):
        paper = browser.get(f"{address}/paper?language={language}")
        assert paper.mimetype == "application/pdf"
        found = text_of(paper.data)
        for word in printed:
            assert word in found, (language, word)
    assert browser.get(f"{address}/paper").data == browser.get(f"{address}/paper").data
    assert browser.get(f"{address}/paper?language=xx").status_code == 404
    decided = browser.post(f"{address}/decision", data={"decision": "overridden", "start_price": "95000"})
    assert (decided.status_code, "kept with its reason" in decided.text) == (422, True)
    data = {"decision": "overridden", "start_price": "95,000.00", "reason": "talks with two buyers"}
    assert browser.post(f"{address}/decision", data=data).status_code == 303
    assert "talks with two buyers" in see(browser, address)
    assert "<svg" in see(browser, f"{address}/series")
    assert lot.title in see(browser, "/valuations?grade=&asked=winding")
    assert "Latest report" in see(browser, f"/lots/{lot.id}/comparables")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"revenue": ""}, "at least one year"),
        ({"revenue": "ten"}, "in digits"),
        ({"rate": "0"}, "A rate above 0"),
        ({"discount": "0.5"}, "from 1 to 60 percent"),
        ({"score_demand": "9"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_stated_is_refused(app: Flask, changes: dict[str, str], words: str) -> None:
    bank, alice, _actor = a_bank()
    lot = a_lot_of(bank)
    answer = browser_of(app, alice).post(f"/valuations/new?lot={lot.id}", data=STATED | changes)
    assert answer.status_code == 422
    assert words in answer.text


def test_nobody_else_sees_it_but_anybody_confirms_its_digest(app: Flask, client: FlaskClient) -> None:
    bank, alice, _actor = a_bank()
    sales(6)
    lot = a_lot_of(bank)
    browser = browser_of(app, alice)
    address = browser.post(f"/valuations/new?lot={lot.id}", data={}).headers["Location"]
    _other, mallory, _ = a_bank()
    foreign = browser_of(app, mallory)
    for path in ("", ".json", "/paper", "/series"):
        assert foreign.get(address + path).status_code == 404
    assert foreign.post(f"{address}/decision", data={"decision": "accepted"}).status_code == 404
    assert foreign.get(f"/valuations/new?lot={lot.id}").status_code == 404
    assert foreign.get("/valuations/new?lot=x").status_code == 404
    told = browser.get(f"{address}.json").get_json()
    assert client.get(address).status_code == 303
    page = see(client, f"/valuations/check/{told['code']}")
    assert told["digest"] in page
    assert lot.title not in page
    assert bank.name not in page
    assert client.get(f"/valuations/check?code={told['code'].lower()}").status_code == 303
    assert client.get("/valuations/check/AAAA").status_code == 404
    assert client.get("/valuations/check?code=nothing").status_code == 404
    assert "twenty letters" in see(client, "/valuations/check")


def test_the_panel_shows_the_curve_to_the_bank_alone(app: Flask, client: FlaskClient) -> None:
    bank, alice, _actor = a_bank()
    lot = a_lot_of(bank)
    sales(12)
    keep_model(a_model())
    page = see(client, f"/lots/{lot.id}/comparables")
    assert "Adjustment grid" in page
    assert "80 in 100 lie within" in page
    assert "Chance of sale at the start price" in page
    assert "Suggested start price" not in page
    assert f"/contest/lots/{lot.id}" in page
    own = see(browser_of(app, alice), f"/lots/{lot.id}/comparables", **{"HX-Request": "true"})
    assert "<html" not in own
    assert "Suggested start price" in own
    assert re.search(r"/valuations/new\?lot=", own)
    hidden = a_lot_of(bank, status=LotStatus.DRAFTED)
    assert client.get(f"/lots/{hidden.id}/comparables").status_code == 404
    assert client.get(f"/lots/{uuid.uuid4()}/comparables").status_code == 404
    assert "/contest/lots/" not in see(browser_of(app, alice), f"/lots/{hidden.id}/comparables")
