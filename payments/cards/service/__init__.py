"""The verbs of saved cards and the holds on them."""

from payments.cards.service.placing import give_up_holds, place_holds, renew_holds
from payments.cards.service.saving import begin_saving, card_subject, remove

__all__ = ["begin_saving", "card_subject", "give_up_holds", "place_holds", "remove", "renew_holds"]
