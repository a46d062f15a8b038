"""The blueprint of the pages on which officers write rules."""

from flask import Blueprint

pages = Blueprint("rules", __name__, url_prefix="/<lang:lang>")
