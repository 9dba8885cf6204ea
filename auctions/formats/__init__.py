"""The formats on offer. A new one is a module with a class like `English` and one line in `FORMATS`.

Terms and State carry what the formats share. A format that needs more (a stage, turns, a clock price) adds
its options to `auctions.rules.Options`, their reading to `auctions.terms`, and its part of the state to
`State` and `auctions.state_json`; `auctions.decisions`, the journal and the pages then serve it as they
serve the others.
"""

from auctions.formats.english import English
from auctions.formats.protocol import Format

FORMATS: dict[str, Format] = {
    "english": English(),
}

# Formats that scenario files may name; those not in FORMATS are refused as not offered yet.
KNOWN = ("english", "english_rounds", "dutch", "hybrid_dutch", "sealed", "sale_off")

__all__ = ["FORMATS", "KNOWN", "Format"]
