"""How a loss is shared, and how what is recovered later is shared back, to the minor unit.

A loss is divided by the agreement's shares with the largest remainder. Then the caps reduce the fund's part,
in this order: per claim, per firm and year, per bank and year, what the pool holds. What a cap cuts stays
with the bank; the other parties' parts do not change.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.money import split
from payments.compensation.rules.agreement import Agreement
from payments.compensation.rules.words import Cap, Covers, PartyRole
from payments.funds.rules import Cut, Limit, apply_limits, remaining

Parts = dict[PartyRole, int]


@dataclass(frozen=True, slots=True)
class Room:
    """What earlier claims have left, in minor units.

    Attributes:
        firm_used, bank_used: the fund's parts promised or paid for this firm, this bank, in this year.
        held: what the fund has in the pool and nobody was promised.
    """

    firm_used: int
    bank_used: int
    held: int


@dataclass(frozen=True, slots=True)
class Division:
    """A loss divided. Amounts are minor units.

    Attributes:
        loss: the unpaid remainder of the claim; the parts sum to it.
        uncovered: of it, what the agreement does not cover, as where it covers the principal only.
        cuts: what each cap took from the fund's part.
        parts: what each party bears; the bank's part includes what is not covered and what was cut.
    """

    loss: int
    uncovered: int
    cuts: tuple[Cut, ...]
    parts: Parts


def divide_loss(agreement: Agreement, loss: int, principal: int, room: Room) -> Division:
    """Divide a loss among the parties of the agreement."""
    covered = min(loss, principal) if agreement.covers is Covers.PRINCIPAL else loss
    shares = split(covered, [party.share for party in agreement.parties])
    parts: Parts = {party.role: part for party, part in zip(agreement.parties, shares, strict=True)}
    fund, cuts = apply_limits(parts[PartyRole.FUND], _limits(agreement, room))
    stays = parts.get(PartyRole.BANK, 0) + loss - covered + parts[PartyRole.FUND] - fund
    return Division(loss, loss - covered, cuts, parts | {PartyRole.FUND: fund, PartyRole.BANK: stays})


def _limits(agreement: Agreement, room: Room) -> tuple[Limit, ...]:
    return (
        Limit(Cap.PER_CLAIM, agreement.cap_per_claim),
        Limit(Cap.PER_FIRM_AND_YEAR, remaining(agreement.cap_per_firm_and_year, room.firm_used)),
        Limit(Cap.PER_BANK_AND_YEAR, remaining(agreement.cap_per_bank_and_year, room.bank_used)),
        Limit(Cap.POOL_HOLDS, room.held),
    )


def share_back(recovered: int, borne: Mapping[PartyRole, int], before: Mapping[PartyRole, int]) -> Parts:
    """Share what was recovered in proportion to what each still bears; nobody gets more than it bore.

    Args:
        recovered: by the bank, after the loss was compensated; at most what is still borne.
        borne: each party's part of the loss.
        before: what each had back from earlier recoveries.
    """
    open_parts = {role: part - before.get(role, 0) for role, part in borne.items()}
    if recovered > sum(open_parts.values()):
        raise ValueError("more was recovered than was lost")
    parts = split(recovered, list(open_parts.values()))
    return dict(zip(open_parts, parts, strict=True))
