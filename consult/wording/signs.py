"""What reverses or hides text, made visible where others read what a person wrote (T92)."""

import re
import unicodedata

_HIDDEN = frozenset(
    "\u200b\u2060\ufeff\u00ad\u061c\u200e\u200f\u2066\u2067\u2068\u2069"
) | frozenset("\u202a\u202b\u202c\u202d\u202e")
_LINES = frozenset("\n\t\r")
# Only what `instants` itself isolates in Arabic: it hides nothing and reverses nothing.
_OWN = re.compile("\u2066([0-9]{2}:[0-9]{2}(?::[0-9]{2})? UTC)\u2069")


def shown(text: str) -> str:
    """Return *text* with each sign that reverses or hides what is read shown as its code."""
    parts = _OWN.split(text)  # a time stands at each odd place
    return "".join(
        f"\u2066{part}\u2069" if place % 2 else _marked(part) for place, part in enumerate(parts)
    )


def _marked(text: str) -> str:
    return "".join(f"[U+{ord(sign):04X}]" if _hides(sign) else sign for sign in text)


def _hides(sign: str) -> bool:
    return sign in _HIDDEN or (unicodedata.category(sign) == "Cc" and sign not in _LINES)
