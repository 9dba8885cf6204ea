"""Named selects of rights."""

import uuid

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.rights.models import Right

PAGE = 50


def find_own_right(session: Session, institution_id: uuid.UUID, right_id: uuid.UUID) -> Right:
    """A right of the bank; raises NotFound for another bank's, as for one that does not exist."""
    right = session.get(Right, right_id)
    if right is None or right.institution_id != institution_id:
        raise NotFound("right")
    return right


def lock_own_right(session: Session, institution_id: uuid.UUID, right_id: uuid.UUID) -> Right:
    """As `find_own_right`, read anew and locked."""
    statement = select(Right).where(Right.id == right_id, Right.institution_id == institution_id)
    statement = statement.with_for_update().execution_options(populate_existing=True)
    right = session.scalars(statement).one_or_none()
    if right is None:
        raise NotFound("right")
    return right


def rights_of(institution_id: uuid.UUID, words: str, page: int) -> Pagination:
    """The bank's rights by number; with words, those whose number or title contains them."""
    rights = select(Right).where(Right.institution_id == institution_id)
    if words:
        found = (column.icontains(words, autoescape=True) for column in (Right.number, Right.title))
        rights = rights.where(or_(*found))
    rights = rights.order_by(Right.number)
    return db.paginate(rights, page=page, per_page=PAGE, max_per_page=PAGE, error_out=False)
