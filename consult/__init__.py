"""Consult: decisions between states, taken by correspondence."""

__version__ = "0.1.0"
