"""Pure: how much a contributor may read. Whoever gives more to the record may take more out of it.

Everybody reads what is public, and a contributor its own records whole, without a count. What grows with the
contribution is the number of others' records of the pool that it may read, each in its coarse form
(`transactions.disclosure`); nothing here makes a record less coarse than it is for everybody in the pool.
"""

from dataclasses import dataclass
from datetime import timedelta

from transactions.rules.words import ProofGrade

# Counted are accepted records of these grades: what a party merely told earns nothing.
EARNING_GRADES = frozenset({ProofGrade.A, ProofGrade.B, ProofGrade.C})
EARNING_TIME = timedelta(days=365)

# A record that was read stays readable for this long without being counted again.
READING_TIME = timedelta(days=30)

_FIRST_RECORD = 100
_EACH_RECORD = 10
_MOST = 20_000


def pool_quota(earning_records: int) -> int:
    """How many records of the pool may be read in `READING_TIME` for so many own ones of the last year.

    Nothing for nothing; 100 for being a contributor at all and 10 for each record; at most 20,000.
    """
    if earning_records <= 0:
        return 0
    return min(_FIRST_RECORD + _EACH_RECORD * earning_records, _MOST)


@dataclass(frozen=True, slots=True)
class Rights:
    """What a contributor may read now.

    Attributes:
        earning_records: own accepted records that count, of `EARNING_TIME`.
        quota: records of the pool in `READING_TIME`. used: of these, how many were read.
    """

    earning_records: int
    quota: int
    used: int

    @property
    def left(self) -> int:
        return max(0, self.quota - self.used)


def rights(earning_records: int, used: int) -> Rights:
    """What follows from what was contributed and what was read."""
    return Rights(earning_records, pool_quota(earning_records), used)
