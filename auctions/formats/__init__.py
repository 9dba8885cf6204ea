"""The formats on offer. A new one is a module with a class like `English` and one line in `FORMATS`.

Terms and State carry what the formats share. A format that needs more (a stage, turns, a clock price) adds
its part of options and state to `auctions.rules.stages`, their reading to `options` and `state_json` in
`auctions.written`; `auctions.rules.decisions`, the journal and the pages then serve it like the others.
"""

from auctions.formats.dutch import Dutch
from auctions.formats.english import English
from auctions.formats.english_rounds import EnglishRounds
from auctions.formats.hybrid_dutch import HybridDutch
from auctions.formats.protocol import Format
from auctions.formats.sale_off import SaleOff
from auctions.formats.sealed import Sealed

FORMATS: dict[str, Format] = {
    "english": English(),
    "english_rounds": EnglishRounds(),
    "dutch": Dutch(),
    "hybrid_dutch": HybridDutch(),
    "sealed": Sealed(),
    "sale_off": SaleOff(),
}

__all__ = ["FORMATS", "Format"]
