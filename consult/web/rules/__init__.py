"""Officers write the decision rules of a body, beginning with a copy of one that there is."""

from consult.web.rules import editing, listing
from consult.web.rules.blueprint import pages

__all__ = ["editing", "listing", "pages"]
