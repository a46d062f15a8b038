"""The blueprint of the secretariat's pages."""

from flask import Blueprint

pages = Blueprint("office", __name__, url_prefix="/<lang:lang>")
