"""Who is named when."""

from auctions.disclosure import may_ask_identity, names_winner
from auctions.rules import Outcome
from marketplace.rule_packs import NAMES, load


def test_only_a_law_that_was_read_names_the_winner() -> None:
    for name in NAMES:
        pack = load(name)
        assert names_winner(pack, Outcome.SOLD) is (name == "cn-court")
        assert may_ask_identity(pack) is (name != "cn-court")
        assert not names_winner(pack, Outcome.UNSOLD)
