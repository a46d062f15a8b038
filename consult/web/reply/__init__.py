"""A focal point reads the letter, drafts, checks and sends the reply."""

from consult.web.reply import choosing, noting, sending, writing
from consult.web.reply.blueprint import pages

__all__ = ["choosing", "noting", "pages", "sending", "writing"]
