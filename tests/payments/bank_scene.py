"""Bank statements for tests: written as banks write them, imported and matched as the worker does."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from xml.sax.saxutils import escape

from sqlalchemy import select

from marketplace.access import Actor
from marketplace.db import atomic
from marketplace.money import decimal_text
from marketplace.parties.models import Institution
from payments.bank import invariants, service, working
from payments.bank.models import BankAccount, BankLine, BankStatement, LineMatch, LineState, VirtualAccount
from payments.bank.reading import read_statement
from payments.bank.rules.words import MatchKind
from payments.models import Deposit, Payment

from .scene import Scene

NUMBER = "6225880100001234"
FIELD_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@dataclass(frozen=True)
class Booked:
    """A booking as the bank prints it; minor units, what came in positive."""

    minor: int
    name: str = ""
    purpose: str = ""
    reference: str = ""
    number: str = "6222000000000001"
    virtual: str = ""
    day: date = date(2026, 3, 2)
    end_to_end: str = ""
    fee: bool = False

    def by(self, actor: Actor) -> "Booked":
        """The same, paid by the actor's institution in its own name."""
        with atomic() as session:
            return replace(self, name=session.get_one(Institution, actor.institution_id).name)


def unique() -> str:
    return uuid.uuid4().hex[:20].upper()


def a_csv(lines: Sequence[Booked], opening: int | None = None) -> bytes:
    """As the enterprise banking of a Chinese bank exports it, in GB 18030."""
    rows = ["交易日期,流水号,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,收款子账号"]
    balance = opening or 0
    for line in lines:
        balance += line.minor
        amount = decimal_text(abs(line.minor), "CNY")
        out, came = (amount, "") if line.minor < 0 else ("", amount)
        left = "" if opening is None else decimal_text(balance, "CNY")
        words = f"{line.purpose} {line.end_to_end}".strip()
        cells = (line.day.isoformat(), line.reference, out, came, left, line.name, line.number, words)
        rows.append(",".join((*cells, line.virtual)))
    return "\n".join(rows).encode("gb18030")


def a_camt(lines: Sequence[Booked], *, opening: int = 0, version: str = "08", number: str = NUMBER) -> bytes:
    """A camt.053 message of the version, with both balances."""
    entries = "".join(_entry(line, version) for line in lines)
    closing = opening + sum(line.minor for line in lines)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:'
        f'camt.053.001.{version}"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-03T01:00:00</CreDtTm>'
        f"</GrpHdr><Stmt><Id>S-1</Id><Acct><Id><Othr><Id>{number}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>"
        f"{_balance('OPBD', opening)}{_balance('CLBD', closing)}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _balance(kind: str, minor: int) -> str:
    sign, amount = "DBIT" if minor < 0 else "CRDT", decimal_text(abs(minor), "CNY")
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{amount}'
        f"</Amt><CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>"
    )


def _entry(line: Booked, version: str) -> str:
    status = "BOOK" if version == "02" else "<Cd>BOOK</Cd>"
    other = "Dbtr" if line.minor > 0 else "Cdtr"
    name = f"<Nm>{escape(line.name)}</Nm>" if line.name else ""
    party = name if version == "02" else f"<Pty>{name}</Pty>"
    virtual = f"<CdtrAcct><Id><Othr><Id>{line.virtual}</Id></Othr></Id></CdtrAcct>" if line.virtual else ""
    code = "<BkTxCd><Domn><Cd>ACMT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd>"
    return (
        f'<Ntry><Amt Ccy="CNY">{decimal_text(abs(line.minor), "CNY")}</Amt>'
        f"<CdtDbtInd>{'CRDT' if line.minor > 0 else 'DBIT'}</CdtDbtInd><Sts>{status}</Sts>"
        f"<BookgDt><Dt>{line.day}</Dt></BookgDt><AcctSvcrRef>{line.reference}</AcctSvcrRef>"
        f"{code if line.fee else ''}<NtryDtls><TxDtls><Refs><EndToEndId>{line.end_to_end or 'NOTPROVIDED'}"
        f"</EndToEndId></Refs><RltdPties><{other}>{party}</{other}><{other}Acct><Id><Othr><Id>{line.number}"
        f"</Id></Othr></Id></{other}Acct>{virtual}</RltdPties>"
        f"<RmtInf><Ustrd>{escape(line.purpose)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def an_account(scene: Scene, *, number: str = NUMBER, opening: int = 0) -> BankAccount:
    """The operator's account, as Olga enters it."""
    with atomic() as session:
        return service.add_account(
            session,
            scene.olga,
            holder="Luochui Escrow",
            bank="Bank of the East",
            bank_code="102100099996",
            number=number,
            currency="CNY",
            opening_minor=opening,
        )


def bring_in(scene: Scene, account: BankAccount, content: bytes, *, partial: bool = False) -> BankStatement:
    """Import a statement and match it, as the page and the worker do together."""
    statement = receive_only(scene, account, content, partial=partial)
    working.finish(statement.id, lambda: None)
    holds()
    with atomic() as session:
        return session.get_one(BankStatement, statement.id)


def receive_only(
    scene: Scene, account: BankAccount, content: bytes, *, partial: bool = False
) -> BankStatement:
    read = read_statement(content, account.currency, None)
    with atomic() as session:
        return service.receive(
            session, scene.olga, account.id, read, content, file_name="statement", partial=partial
        )


def holds() -> None:
    """Every invariant of the bank room."""
    with atomic() as session:
        broken = {name: found for name, question in invariants.CHECKS if (found := question(session))}
    assert not broken


def line_with(reference: str) -> BankLine:
    with atomic() as session:
        return session.scalars(select(BankLine).where(BankLine.bank_reference == reference)).one()


def state_of(reference: str) -> LineState:
    with atomic() as session:
        statement = select(LineState).join(BankLine).where(BankLine.bank_reference == reference)
        return session.scalars(statement).one()


def match_of(reference: str) -> LineMatch:
    with atomic() as session:
        statement = select(LineMatch).join(LineState, LineState.match_id == LineMatch.id)
        statement = statement.join(BankLine, BankLine.id == LineMatch.line_id)
        return session.scalars(statement.where(BankLine.bank_reference == reference)).one()


def assign(scene: Scene, reference: str, row: Deposit | Payment) -> None:
    """Olga proposes that the line is for this, Otto agrees."""
    settle_line(scene, reference, MatchKind.BUYER, row.reference)


def settle_line(scene: Scene, reference: str, kind: MatchKind, to: str = "") -> None:
    """Olga proposes what the line is, Otto agrees."""
    line_id = line_with(reference).id
    with atomic() as session:
        proposal = service.propose_match(
            session, scene.olga, line_id, kind=kind, reference=to, reason="The payer called"
        )
    with atomic() as session:
        service.decide_proposal(session, scene.otto, proposal.id, agreed=True, answer="Seen the call note")
    holds()


def undo(scene: Scene, reference: str) -> None:
    """Olga says that the match is wrong, Otto agrees."""
    line_id = line_with(reference).id
    with atomic() as session:
        proposal = service.propose_undoing(session, scene.olga, line_id, "Another one paid this")
    with atomic() as session:
        service.decide_proposal(session, scene.otto, proposal.id, agreed=True, answer="Seen the letter")
    holds()


def numbers(scene: Scene, account: BankAccount, *given: str) -> None:
    """The bank has opened these virtual accounts, and the worker gives them out."""
    with atomic() as session:
        service.add_virtual_accounts(session, scene.olga, account.id, given)
    while True:
        with atomic() as session:
            if not service.assign_virtual_account(session):
                return


def number_for(actor: Actor) -> str:
    with atomic() as session:
        statement = select(VirtualAccount.number).where(VirtualAccount.institution_id == actor.institution_id)
        return session.scalars(statement).one()
