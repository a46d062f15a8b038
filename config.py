"""The settings of this deployment, read once from the environment."""

import os

from consult.settings import load

settings = load(os.environ)
