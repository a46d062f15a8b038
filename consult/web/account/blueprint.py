"""The routes of accounts."""

from flask import Blueprint

pages = Blueprint("account", __name__, url_prefix="/<lang:lang>")
