"""The blueprint of comment rounds."""

from flask import Blueprint

pages = Blueprint("comments", __name__, url_prefix="/<lang:lang>")
