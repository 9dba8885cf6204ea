"""Wanted notices for other systems: what everybody may read."""

from typing import Any

from flask import Blueprint

from marketplace import clock
from marketplace.clock import moment_text
from marketplace.db import db
from marketplace.web import limiter, public
from search.watching import wanted_queries
from search.watching.messages import site
from search.watching.rules.keeping import lists

NOTICES_A_PAGE = 100

blueprint = Blueprint("watching_api", __name__)


@blueprint.get("/api/wanted")
@limiter.limit("120/minute")
@public
def wanted() -> dict[str, Any]:
    """Open notices, the latest first; the buyer's name only where it stands on the notice, a budget never."""
    page = db.paginate(
        wanted_queries.open_notices(clock.now()), per_page=NOTICES_A_PAGE, max_per_page=NOTICES_A_PAGE
    )
    return {
        "total": page.total,
        "page": page.page,
        "pages": page.pages,
        "notices": [
            {
                "id": str(notice.id),
                "title": notice.title,
                "text": notice.text,
                "search": lists(notice.arguments),
                "buyer": notice.institution.name if notice.named else None,
                "published_at": moment_text(notice.published_at),
                "expires_at": moment_text(notice.expires_at),
                "url": f"{site()}/wanted/{notice.id}",
            }
            for notice in page.items
        ],
    }
