"""The pages of saved searches, watch lists, webhooks and wanted notices."""

from search.watching.routes import answering, lots, searches, stopping, wanted, webhook
from search.watching.routes.shared import blueprint

__all__ = ["answering", "blueprint", "lots", "searches", "stopping", "wanted", "webhook"]
