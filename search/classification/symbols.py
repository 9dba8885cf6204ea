"""The spelling of class symbols, and what stands above one by its spelling alone."""

import re

# A section with what may follow: class, subclass, main group, subgroup. Y is a section of the CPC only.
_SYMBOL = re.compile(r"([A-HY])(?:([0-9]{2})(?:([A-Z])(?:0*([1-9][0-9]{0,3})(?:/([0-9]{2,6}))?)?)?)?")
_PADDED = re.compile(r"([A-HY][0-9]{2}[A-Z])([0-9]{4})([0-9]{6})")
_MAIN_GROUP = re.compile(r"[A-HY][0-9]{2}[A-Z][0-9]+")
_EDITION = re.compile(r"[(（].*")
_LOCARNO = re.compile(r"([0-9]{1,2})-[0-9]{1,2}")


def class_key(text: str) -> str:
    """One spelling for a symbol: "h01m 10/0525" and "H01M0010052500" become "H01M10/0525".

    A main group is written without "/00", because it stands for everything under it. Symbols of other
    schemes (Locarno, Nice) are only upper-cased and closed up.
    """
    symbol = _EDITION.sub("", "".join(text.upper().split()))
    padded = _PADDED.fullmatch(symbol)
    if padded:
        symbol = f"{padded[1]}{int(padded[2])}/{padded[3].rstrip('0').ljust(2, '0')}"
    match = _SYMBOL.fullmatch(symbol)
    if match is None:
        return symbol
    above, group, subgroup = "".join(part or "" for part in match.groups()[:3]), match[4] or "", match[5]
    return f"{above}{group}" if subgroup in {None, "00"} else f"{above}{group}/{subgroup}"


def is_class(text: str) -> bool:
    """Whether the text is an IPC or CPC symbol of at least a class ("H01"), so that a query may mean it."""
    symbol = "".join(text.upper().split())
    return len(symbol) > 2 and bool(_SYMBOL.fullmatch(symbol) or _PADDED.fullmatch(symbol))


def written(key: str) -> str:
    """A key as people write it: a main group ends in "/00".

    >>> written("H01M10")
    'H01M10/00'
    """
    return f"{key}/00" if _MAIN_GROUP.fullmatch(key) else key


def levels(key: str) -> tuple[str, ...]:
    """What stands above a key by its spelling: section, class, subclass, main group; for Locarno the class.

    >>> levels("H01M10/0525")
    ('H', 'H01', 'H01M', 'H01M10')
    """
    if _SYMBOL.fullmatch(key):
        spelled = dict.fromkeys((key[:1], key[:3], key[:4], key.split("/", maxsplit=1)[0]))
        return tuple(level for level in spelled if level != key)
    locarno = _LOCARNO.fullmatch(key)
    return (locarno[1],) if locarno else ()
