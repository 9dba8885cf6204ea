"""Contributors for tests: an admitted one, its key, and what it signs."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

from marketplace import clock
from marketplace.db import atomic
from transactions.log import signing
from transactions.sharing.models import Contributor, ContributorKey
from transactions.sharing.rules.contributors import ContributorKind, ContributorStatus
from transactions.sharing.rules.statements import (
    fingerprint,
    line_digest,
    line_statement,
    request_statement,
)

API = "/api/v1/transactions"
SALE: dict[str, Any] = {
    "outcome": "sold",
    "asset_type": "invention",
    "title": "A pump",
    "channel": "auction_english",
    "currency": "CNY",
    "sold_on": "2024-06-01",
    "date_precision": "day",
    "proof_grade": "B",
    "number_of_rights": 1,
    "technology_field": 1,
    "technology_fields": [1],
    "price_minor": 10_000_000,
}


def ask(client: FlaskClient, target: str, **more: Any) -> Any:
    """What anybody is answered."""
    return client.get(target, **more)


@dataclass(frozen=True)
class Sender:
    """Somebody with a key that signs lines and requests.

    Attributes:
        seed: 32 bytes of Ed25519. sandbox: signs for a sandbox.
    """

    code: str
    seed: bytes
    sandbox: bool = False

    @property
    def public_key(self) -> str:
        return signing.public_key(self.seed)

    @property
    def mark(self) -> str:
        return fingerprint(self.public_key)

    def signed(self, line: dict[str, Any]) -> dict[str, Any]:
        """The line with key and signature."""
        statement = line_statement(self.code, line_digest(line), sandbox=self.sandbox)
        return {**line, "key": self.mark, "signature": signing.sign(self.seed, statement)}

    def sale(self, own_id: str, **changes: Any) -> dict[str, Any]:
        """A signed line of a new record."""
        return self.signed({"id": own_id, "action": "submit", "record": {**SALE, **changes}})

    def correction(self, own_id: str, record: str, **changes: Any) -> dict[str, Any]:
        line = {"id": own_id, "action": "correct", "corrects": record, "reason": "a slip", "changes": changes}
        return self.signed(line)

    def reversal(self, own_id: str, record: str) -> dict[str, Any]:
        return self.signed({"id": own_id, "action": "reverse", "corrects": record, "reason": "rescinded"})

    def send(self, client: FlaskClient, *lines: Any) -> Any:
        """Submit these lines."""
        body = json.dumps({"contributor": self.code, "lines": lines})
        return client.post(f"{API}/submissions", data=body, content_type="application/json")

    def headers(self, target: str, method: str = "GET") -> dict[str, str]:
        """What signs a request for reading."""
        time = clock.moment_text(clock.now())
        statement = request_statement(self.code, method, target, time, sandbox=self.sandbox)
        return {
            "Luochui-Contributor": self.code,
            "Luochui-Key": self.mark,
            "Luochui-Time": time,
            "Luochui-Signature": signing.sign(self.seed, statement),
        }

    def read(self, client: FlaskClient, path: str) -> Any:
        """A signed request."""
        return client.get(API + path, headers=self.headers(API + path))


def a_contributor(
    code: str = "hefei-exchange",
    *,
    seed: bytes | None = None,
    kind: ContributorKind = ContributorKind.EXCHANGE,
    status: ContributorStatus = ContributorStatus.ADMITTED,
) -> Sender:
    """An entry of the register with one key, admitted unless another status is given."""
    sender = Sender(code, seed or uuid.uuid5(uuid.NAMESPACE_DNS, code).bytes * 2)
    with atomic() as session:
        entry = Contributor(
            code=code,
            name=f"The {code}",
            kind=kind,
            country="CN",
            registration_number="",
            status=status,
            marketplace="luochui-test",
            institution_id=uuid.uuid4(),
            applied_at=clock.now(),
            admitted_at=clock.now() if status is not ContributorStatus.APPLIED else None,
        )
        session.add(entry)
        session.flush()
        session.add(
            ContributorKey(
                contributor_id=entry.id,
                fingerprint=sender.mark,
                public_key=sender.public_key,
                valid_from=clock.now(),
                added_at=clock.now(),
            )
        )
    return sender
