"""What a WSGI server runs: ``gunicorn wsgi:app``."""

from config import settings
from consult import beats, clock, logs
from consult.app import create_app

logs.set_up()
app = create_app(settings, clock.now)
beats.start_in_each_process(app.extensions["consult"])
