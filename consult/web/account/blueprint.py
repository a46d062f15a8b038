"""The routes of accounts."""

from flask import Blueprint

pages = Blueprint("account", __name__, url_prefix="/<lang:lang>")
callback = Blueprint("callback", __name__)  # one address, whatever the language
