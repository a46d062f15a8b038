"""The blueprint of the letter, its form, the check and the sending."""

from flask import Blueprint

pages = Blueprint("reply", __name__, url_prefix="/<lang:lang>")
