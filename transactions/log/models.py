"""What is kept beside the records so that proofs are read and not computed anew, and who else vouches."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import TRANSACTIONS_BIND, AppendOnly, Model
from transactions.models import Checkpoint


class LogNode(AppendOnly, Model):
    """The root of a perfect subtree of 2^level leaves, the `position`-th of them; level 0 are the leaves."""

    __tablename__ = "log_nodes"
    __bind_key__ = TRANSACTIONS_BIND
    __table_args__ = (CheckConstraint("level >= 1 AND position >= 0", name="place"),)

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))


class CheckpointSignature(AppendOnly, Model):
    """A marketplace's signature over a checkpoint's note: of the one that appended, and of those that agree.

    Attributes:
        signature: Ed25519 over `notes.note_text`, base64; public_key its key, base64.
    """

    __tablename__ = "checkpoint_signatures"
    __bind_key__ = TRANSACTIONS_BIND

    tree_size: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(Checkpoint.tree_size), primary_key=True, autoincrement=False
    )
    signer: Mapped[str] = mapped_column(String(60), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(60))
    signature: Mapped[str] = mapped_column(String(120))
    signed_at: Mapped[datetime]


class CheckpointStamp(AppendOnly, Model):
    """A time stamp (RFC 3161) of somebody outside over a checkpoint's note.

    Attributes:
        authority: the address it was asked from. token: the whole response, DER. stamped_at: its own time.
    """

    __tablename__ = "checkpoint_stamps"
    __bind_key__ = TRANSACTIONS_BIND

    tree_size: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(Checkpoint.tree_size), primary_key=True, autoincrement=False
    )
    authority: Mapped[str] = mapped_column(String(300), primary_key=True)
    token: Mapped[bytes] = mapped_column(LargeBinary)
    stamped_at: Mapped[datetime]


class SeenCheckpoint(AppendOnly, Model):
    """In the marketplace's own database: a root it has seen and found to follow from those before.

    Whoever keeps the shared database can rewrite it, but not what others remember of it.
    """

    __tablename__ = "seen_checkpoints"

    tree_size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime]
