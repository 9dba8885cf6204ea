"""Drawing a document from its stored content: the same content gives the same bytes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from marketplace.clock import LOCAL_ZONE, parse_moment
from marketplace.language import money
from marketplace.papers import VOICES, Bar, Sheet, Voice, grouped, yuan_in_capitals
from payments.documents import words
from payments.documents.rules import DocumentKind, percent_text
from payments.texts import COST_KINDS, STEPS
from payments.waterfall import Step

Content = Mapping[str, Any]
Rows = list[tuple[str, str]]

LANGUAGES = tuple(VOICES)
_TAGS = {"both": "zh-CN", "zh": "zh-CN", "en": "en"}


def draw(content: Content, digest: str, url: str, language: str = "both") -> bytes:
    """The document as PDF; `url` is the page that checks it, `language` a name in `LANGUAGES`."""
    voice, kind = VOICES[language], DocumentKind(content["kind"])
    title = voice.says(words.TITLES[kind])
    sheet = Sheet(
        title=f"{title[0]} {content['number']}",
        issuer=content["issuer"]["name"],
        foot=f"{' '.join(title)} {content['number']} · {grouped(content['code'])}",
        issued_at=parse_moment(content["issued_at"]),
        language=_TAGS[language],
    )
    sheet.code(url)
    sheet.heading(title[0], " ".join(title[1:]) or content["number"])
    _Drawing(sheet, content, voice).parts(digest, url)
    return sheet.finished()


class _Drawing:
    """The parts of one document, in the order in which they stand on it."""

    def __init__(self, sheet: Sheet, content: Content, voice: Voice) -> None:
        self._sheet, self._content, self._voice = sheet, content, voice

    def parts(self, digest: str, url: str) -> None:
        self._facts("parties", self._parties())
        self._facts("facts", [self._fact(*fact) for fact in self._content["facts"]])
        self._lines()
        self._waterfall()
        self._prepaid()
        self._sheet.space(1.5)
        for note in self._content["notes"]:
            self._sheet.paragraph(self._voice.lines(words.NOTES[note]), quiet=True)
        proof = [
            (self._head("code"), grouped(self._content["code"])),
            (self._head("address"), url),
            (self._head("digest"), _in_halves(digest)),
        ]
        if "hash" in self._content:
            proof.append((self._head("lines_hash"), _in_halves(self._content["hash"])))
        self._facts("proof", proof)

    def _facts(self, head: str, rows: Rows) -> None:
        self._sheet.section(self._head(head))
        self._sheet.facts(rows)

    def _parties(self) -> Rows:
        content = self._content
        rows = [
            (self._head("number"), content["number"]),
            (self._head("issued_at"), _moment(content["issued_at"])),
            (self._head("issuer"), self._party(content["issuer"])),
            (self._head("recipient"), self._party(content["recipient"])),
        ]
        if content["lot"]:
            rows.append((self._head("lot"), f"{content['lot']['title']}\n{content['lot']['reference']}"))
        if content["deal"]:
            rows.append((self._head("deal"), content["deal"]))
        for name in ("corrects", "replaces"):
            if name in content:
                old = content[name]
                rows.append((self._head(name), f"{old['number']} · {_moment(old['issued_at'])}"))
        return rows

    def _party(self, party: Mapping[str, str]) -> str:
        """Name and particulars, a line each; the registration number where no tax number is stated."""
        lines = [party["name"]]
        if party.get("tax_number"):
            lines.append(f"{self._head('tax_number')} {party['tax_number']}")
        elif party.get("number"):
            lines.append(f"{self._head('registration_number')} {party['number']}")
        if party.get("address"):
            lines.append(party["address"])
        if party.get("telephone"):
            lines.append(f"{self._head('telephone')} {party['telephone']}")
        if party.get("bank") or party.get("bank_account"):
            lines.append(
                f"{self._head('bank')} {party.get('bank', '')} {party.get('bank_account', '')}".rstrip()
            )
        return "\n".join(lines)

    def _fact(self, name: str, shown: str, value: Any) -> tuple[str, str]:
        label = self._voice.label(words.FACTS[name])
        if shown == "amount":
            return label, self._money(value)
        if shown == "moment":
            return label, _moment(value) if value else "–"
        if shown == "word":
            return label, self._voice.label(words.VALUES[name][value])
        return label, str(value)

    def _lines(self) -> None:
        lines = self._content.get("lines")
        if not lines:
            self._in_capitals()
            return
        self._sheet.section(self._head("lines"))
        names = ("what", "net", "rate", "tax", "gross")
        self._sheet.table(
            [self._voice.lines(words.HEADS[name]) for name in names],
            [self._line(line) for line in lines],
            widths=(34, 18, 14, 16, 18),
            numbers=frozenset({1, 2, 3, 4}),
        )
        totals = self._content["totals"]
        sums = [(self._head(name), self._money(totals[name])) for name in ("net", "tax", "gross")]
        self._facts("total", sums)
        self._in_capitals()

    def _line(self, line: Mapping[str, Any]) -> Sequence[str]:
        what = self._voice.lines(words.LINES[line["what"]])
        if line["detail"]:
            what = f"{what}\n{line['detail']}"
        determined = line["basis_points"] is not None
        return (
            what,
            self._money(line["net"]) if determined else "–",
            self._rate(line),
            self._money(line["tax"]) if determined else "–",
            self._money(line["gross"]),
        )

    def _rate(self, line: Mapping[str, Any]) -> str:
        treatment = words.TREATMENTS.get(line["treatment"])
        return self._voice.lines(treatment) if treatment else percent_text(line["basis_points"])

    def _in_capitals(self) -> None:
        if self._content["currency"] == "CNY":
            capitals = yuan_in_capitals(self._content["totals"]["gross"])
            self._sheet.facts([(self._head("capitals"), capitals)])

    def _waterfall(self) -> None:
        lines = self._content.get("waterfall")
        if lines is None:
            return
        self._sheet.section(self._head("waterfall"))
        self._sheet.bars(self._bars(lines))
        names = ("step", "rank", "payee", "owed", "paid")
        self._sheet.table(
            [self._voice.lines(words.HEADS[name]) for name in names],
            [self._paid(line) for line in lines],
            widths=(24, 9, 29, 19, 19),
            numbers=frozenset({3, 4}),
        )

    def _bars(self, lines: Sequence[Mapping[str, Any]]) -> list[Bar]:
        whole, start = self._content["received"], 0
        received = self._voice.label(words.FACTS["received"])
        bars = [Bar(received, self._money(whole), 0, whole, strong=True)]
        for line in lines:
            if line["paid"]:
                name = f"{self._voice.says(STEPS[Step(line['step'])])[0]} · {line['name']}"
                bars.append(Bar(name, self._money(line["paid"]), start, line["paid"]))
                start += line["paid"]
        return bars

    def _paid(self, line: Mapping[str, Any]) -> Sequence[str]:
        step = self._voice.lines(STEPS[Step(line["step"])])
        if line["kind"] and line["step"] == Step.COST:
            kind = COST_KINDS.get(line["kind"])
            step = f"{step}\n{self._voice.label(kind) if kind else line['kind']}"
        rank = str(line["rank"]) if line["rank"] else "–"
        return step, rank, line["name"], self._money(line["due"]), self._money(line["paid"])

    def _prepaid(self) -> None:
        rows = self._content.get("prepaid")
        if rows is None:
            return
        self._sheet.section(self._head("prepaid"))
        self._sheet.table(
            [self._voice.lines(words.HEADS[name]) for name in ("what", "at", "amount")],
            [
                (
                    "\n".join(
                        filter(None, (self._voice.lines(words.PREPAID[row["what"]]), row["reference"]))
                    ),
                    _moment(row["at"]) if row["at"] else "–",
                    self._money(row["minor"]),
                )
                for row in rows
            ],
            widths=(42, 34, 24),
            numbers=frozenset({2}),
        )
        self._sheet.facts([(self._head("due"), self._money(self._content["due"]))])

    def _head(self, name: str) -> str:
        return self._voice.label(words.HEADS[name])

    def _money(self, minor: int) -> str:
        return money(minor, self._content["currency"])


def _in_halves(digest: str) -> str:
    """A SHA-256 digest on two lines, as whoever compares it reads it."""
    return f"SHA-256 {digest[:32]}\n{digest[32:]}"


def _moment(text: str) -> str:
    """To the second, in the marketplace's zone, which is named."""
    local: datetime = parse_moment(text).astimezone(LOCAL_ZONE)
    zone = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{zone[0]}{int(zone[1:3])}"
