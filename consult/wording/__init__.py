"""Codes, rules and instants in words, in the reader's language."""

LANGUAGES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ru": "Русский",
    "zh": "中文",
    "ar": "العربية",
}
RTL = frozenset({"ar"})
