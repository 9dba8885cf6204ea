"""How an institution stands to a sale: barred, to be looked at by a person, or neither. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from auctions.fair_play.rules.policy import (
    LOOKED_AT_THROUGH_TIES,
    Ban,
    Capacity,
    ban_on,
    ban_through_ties,
)
from auctions.fair_play.rules.ties import Path, Tie, is_name_only, paths

# Before the code of a capacity: not this institution has it but somebody it is tied to.
TIED_TO = "tied_to_"


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason against a bidder.

    Attributes:
        path: the way to whoever has the capacity; None when the bidder has it itself.
    """

    capacity: Capacity
    ban: Ban
    path: Path | None = None

    @property
    def code(self) -> str:
        """What the registration keeps and `texts` has words for."""
        return f"{TIED_TO}{self.capacity}" if self.path else str(self.capacity)


@dataclass(frozen=True, slots=True)
class Standing:
    """What speaks against a bidder.

    Attributes:
        bars: for which it may not bid, what cannot be lifted first.
        reviews: what may bar it, for a person to look at; it bids until somebody has.
    """

    bars: tuple[Finding, ...] = ()
    reviews: tuple[Finding, ...] = ()

    @property
    def barred(self) -> str:
        """The code of the first bar; empty when there is none."""
        return self.bars[0].code if self.bars else ""


def stand(
    pack: str,
    bidders: Sequence[str],
    capacities: Mapping[str, Collection[Capacity]],
    ties: Iterable[Tie],
    exempt: Collection[str] = (),
) -> Standing:
    """Check a bidder.

    Args:
        pack: the rule pack's name.
        bidders: the nodes of the buyer and, where it acts, of the agency that bids for it.
        capacities: by node, what it is to this sale.
        ties: those around the bidders.
        exempt: codes of findings from which two persons have excepted the buyer for this lot.
    """
    known = tuple(ties)
    found = [finding for node in bidders for finding in _findings(pack, node, capacities, known)]
    counted = [one for one in found if not (one.ban.liftable and one.code in exempt)]
    bars = {one.code: one for one in reversed(counted) if not _only_suggests(one)}
    reviews = {one.code: one for one in reversed(counted) if _only_suggests(one) and one.code not in bars}
    return Standing(
        tuple(sorted(bars.values(), key=_firmness)), tuple(sorted(reviews.values(), key=_firmness))
    )


def _findings(
    pack: str, node: str, capacities: Mapping[str, Collection[Capacity]], ties: Sequence[Tie]
) -> Iterable[Finding]:
    own = capacities.get(node, ())
    for capacity in own:
        ban = ban_on(pack, capacity)
        if ban.barred:
            yield Finding(capacity, ban)
    for target, path in paths(ties, node, capacities).items():
        for capacity in capacities[target]:
            ban = ban_through_ties(pack, capacity, path.kinds)
            if ban.barred and capacity not in own:
                yield Finding(capacity, ban, path)


def _only_suggests(finding: Finding) -> bool:
    """Whether a person has to judge first: an uncertain way, or a tie that shows no more than a danger."""
    if finding.path is None:
        return False
    through_a_name = any(is_name_only(node) for node in finding.path.nodes)
    return not finding.path.certain or through_a_name or finding.capacity in LOOKED_AT_THROUGH_TIES


def _firmness(finding: Finding) -> tuple[bool, bool, str]:
    return finding.ban.liftable, finding.path is not None, finding.code
