"""What a WSGI server runs: ``gunicorn wsgi:app``."""

from config import settings
from consult import clock
from consult.app import create_app

app = create_app(settings, clock.now)
