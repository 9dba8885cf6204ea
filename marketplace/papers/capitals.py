"""Amounts of yuan in the capital numerals of contracts and bank slips (正确填写票据和结算凭证的基本规定)."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def yuan_in_capitals(minor: int) -> str:
    """An amount of CNY, given in fen, such as 人民币壹仟贰佰元伍角整."""
    yuan, rest = divmod(minor, 100)
    jiao, fen = divmod(rest, 10)
    written = f"{_whole(yuan)}元" if yuan or not rest else ""
    if not rest:
        return f"人民币{written}整"
    if jiao:
        written += f"{_DIGITS[jiao]}角"
    elif yuan:
        written += "零"
    return f"人民币{written}{_DIGITS[fen]}分" if fen else f"人民币{written}整"


def _whole(number: int) -> str:
    """Whole yuan, in groups of four digits; one 零 for each run of zeros between others."""
    if number == 0:
        return _DIGITS[0]
    written, gap = "", False
    for group in range((len(str(number)) - 1) // 4, -1, -1):
        part = number // 10_000**group % 10_000
        if part == 0:
            gap = bool(written)
            continue
        if written and (gap or part < 1000):
            written += _DIGITS[0]
        written, gap = written + _four(part) + _GROUPS[group], False
    return written


def _four(part: int) -> str:
    written, gap = "", False
    for place in range(3, -1, -1):
        digit = part // 10**place % 10
        if digit == 0:
            gap = bool(written)
            continue
        written += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return written
