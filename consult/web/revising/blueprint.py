"""The blueprint of the revisions of a letter."""

from flask import Blueprint

pages = Blueprint("revising", __name__, url_prefix="/<lang:lang>")
