"""The words of the log's pages."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from transactions.log.checking import Step

REFUSALS: dict[StrEnum, Any] = {}

STEPS: dict[Step, Any] = {
    Step.LEAF: lazy_gettext("The leaf is the hash of its bytes"),
    Step.PATH: lazy_gettext("The path leads from the leaf to the root"),
    Step.STATEMENT: lazy_gettext("The statement is signed and says this root"),
    Step.NOTE: lazy_gettext("The note is signed and says this root"),
    Step.FIELDS: lazy_gettext("The shown fields are those that were sealed"),
    Step.SIGNER: lazy_gettext("The signer's key is the one that this marketplace knows"),
}

# What a result of a step is called, and the tone of its mark.
RESULTS: dict[bool | None, tuple[Any, str]] = {
    True: (lazy_gettext("holds"), "done"),
    False: (lazy_gettext("does not hold"), "decision"),
    None: (lazy_gettext("left open by the file"), "plain"),
}
