"""The bank sees what earlier sales say while it sets the start price."""

from builders import a_lot, a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient

from marketplace.access import InstitutionKind
from marketplace.db import atomic


def test_the_form_of_a_lot_points_to_its_comparables(app: Flask, client: FlaskClient) -> None:
    with atomic() as session:
        bank = an_institution(session, InstitutionKind.BANK)
        lot_id = a_lot(session, bank).id
        alice = a_person(session, bank, "Alice")
    signed_in(client, alice)
    page = client.get(f"/portfolio/lots/{lot_id}/edit")
    assert page.status_code == 200
    address = f"/lots/{lot_id}/comparables"
    assert address in page.text
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 200
