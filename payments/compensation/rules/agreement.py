"""What a pool's agreement says: who bears which share, within which caps, for which loans."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from marketplace.errors import Refused
from marketplace.rights.rules import RightType
from payments.compensation.rules.words import Covers, PartyRole, PoolReason
from payments.funds.rules import EvidenceKind, FirmSize

# What stands for a party without an institution of its own: whichever bank claims.
ANY_BANK = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who bears a share; `institution` is the id as text, empty for whichever bank claims."""

    role: PartyRole
    share: int
    institution: str = ANY_BANK


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The terms of one version of an agreement. Amounts are minor units of the pool's currency.

    Attributes:
        parties: shares as whole numbers in proportion to each other, such as 54 : 26 : 16 : 4.
        covers: the whole unpaid claim, or no more than the principal.
        cap_per_claim, cap_per_firm_and_year, cap_per_bank_and_year: of the fund's part; None for no cap.
        multiple: the loans behind all claims may come to so many times what the fund has paid in.
        waiting_days: from the default to the first day of a claim.
        claim_within_days: from the end of the disposal; None for no deadline.
        review_days, payment_days: the clocks of the fund; nothing lapses when they run out.
        right_types, sizes: empty for any.
        evidence: which documents a claim must name before it is reviewed.
    """

    parties: tuple[Party, ...]
    covers: Covers = Covers.CLAIM
    cap_per_claim: int | None = None
    cap_per_firm_and_year: int | None = None
    cap_per_bank_and_year: int | None = None
    multiple: int | None = None
    waiting_days: int = 0
    claim_within_days: int | None = None
    review_days: int = 20
    payment_days: int = 20
    right_types: tuple[RightType, ...] = ()
    sizes: tuple[FirmSize, ...] = ()
    loan_at_most: int | None = None
    registered_pledge: bool = True
    term_months_at_most: int | None = None
    evidence: tuple[EvidenceKind, ...] = ()

    @property
    def payers(self) -> tuple[Party, ...]:
        """Those who pay something: everybody with a share but the bank."""
        return tuple(party for party in self.parties if party.role is not PartyRole.BANK and party.share)

    def party(self, role: PartyRole) -> Party | None:
        return next((party for party in self.parties if party.role is role), None)


def check_agreement(agreement: Agreement) -> Agreement:
    """The agreement; raises Refused where it shares nothing, or a party that pays is not named."""
    fund = agreement.party(PartyRole.FUND)
    if fund is None or fund.share <= 0 or any(party.share < 0 for party in agreement.parties):
        raise Refused(PoolReason.SHARES_NEEDED, field="share_fund")
    for party in agreement.payers:
        if not party.institution:
            raise Refused(PoolReason.PARTY_NEEDED, field=str(party.role))
    return agreement


def written(agreement: Agreement) -> dict[str, Any]:
    """The agreement as JSON values."""
    values = asdict(agreement)
    values["parties"] = [
        {"role": str(party.role), "share": party.share, "institution": party.institution}
        for party in agreement.parties
    ]
    for name in ("right_types", "sizes", "evidence"):
        values[name] = [str(member) for member in values[name]]
    return values | {"covers": str(agreement.covers)}


def read(values: Mapping[str, Any]) -> Agreement:
    """An agreement as it was written."""
    plain = dict(values)
    return Agreement(
        parties=tuple(
            Party(PartyRole(party["role"]), party["share"], party["institution"])
            for party in plain.pop("parties")
        ),
        covers=Covers(plain.pop("covers")),
        right_types=tuple(RightType(name) for name in plain.pop("right_types")),
        sizes=tuple(FirmSize(name) for name in plain.pop("sizes")),
        evidence=tuple(EvidenceKind(name) for name in plain.pop("evidence")),
        **plain,
    )
