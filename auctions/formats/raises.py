"""How much more the next bid must be."""

from auctions.rules import State, Terms


def step_at(terms: Terms, price: int) -> int:
    """The raise that holds at `price`: the table's where there is one, else the one increment."""
    for row in terms.options.increment_table:
        if row.below is None or price < row.below:
            return row.step
    return terms.increment or 1


def least_next(terms: Terms, state: State) -> int:
    """The least amount anybody may bid next: the start price, then the price plus the raise."""
    return terms.start_price if state.price is None else state.price + step_at(terms, state.price)
