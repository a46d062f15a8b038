"""The officer drafts a consultation in seven steps."""

from consult.web.drafting import beginning, clashes, documents, item, previews, table, views
from consult.web.drafting.page import pages

__all__ = ["beginning", "clashes", "documents", "item", "pages", "previews", "table", "views"]
