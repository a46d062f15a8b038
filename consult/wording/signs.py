"""What reverses or hides text, made visible where others read what a person wrote (T92)."""

import unicodedata

_HIDDEN = frozenset(
    "\u200b\u2060\ufeff\u00ad\u061c\u200e\u200f\u2066\u2067\u2068\u2069"
) | frozenset("\u202a\u202b\u202c\u202d\u202e")
_LINES = frozenset("\n\t\r")


def shown(text: str) -> str:
    """Return *text* with each sign that reverses or hides what is read shown as its code."""
    return "".join(f"[U+{ord(sign):04X}]" if _hides(sign) else sign for sign in text)


def _hides(sign: str) -> bool:
    return sign in _HIDDEN or (unicodedata.category(sign) == "Cc" and sign not in _LINES)
