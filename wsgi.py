"""What a WSGI server runs: ``gunicorn wsgi:app``."""

import gc

from config import settings
from consult import beats, clock, logs
from consult.app import create_app

logs.set_up()
app = create_app(settings, clock.now)
beats.start_in_each_process(app.extensions["consult"])

# What is made once for the life of the process is never garbage: it is not looked through again
# and again beside the little that a request leaves.
gc.collect()
gc.freeze()
