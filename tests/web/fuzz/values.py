"""What nobody types and somebody sends: values that fit no field, by what each is."""

MARKUP = "<fuzz-mark onload=x>'\"`${7*7}{{7*7}}"
RAW_MARKUP = "<fuzz-mark"
LONG = "x" * 1_000_000

# Every value that is put into a field; a field's kind says which of them it must refuse.
HOSTILE: dict[str, str | bytes] = {
    "empty": "",
    "spaces": " \t\u2003 ",
    "long": LONG,
    "long word": "W" * 12_000,
    "nul": "one\0two",
    "control": "a\x01b\x08c\x0bd\x0ce\x1bf\x7fg\x85h",
    "surrogates": b"\xed\xa0\x80 and \xed\xb0\x80",
    "not utf-8": b"\xff\xfe\xc0\x80",
    "not a character": "\ufffe\uffff\U0001ffff",
    "bidi": "\u202eevil\u2066 \u200b\u200d\ufeff\u2028\u2029",
    "lines": "first\r\nBcc: all@example.org\r\n\r\nsecond\rthird\nfourth",
    "arabic digits": "\u0661\u0662",
    "other digits": "\u00b2\u2460\u09e7",
    "huge": "9" * 5000,
    "wide": "9999999999",
    "column": "2147483648",
    "beyond": "9223372036854775808",
    "negative": "-1",
    "zero": "0",
    "signed": "+1",
    "underscored": "1_0",
    "fraction": "1/0",
    "float": "1.5",
    "exponent": "1e999",
    "nan": "NaN",
    "infinity": "-Infinity",
    "hexadecimal": "0x10",
    "no day": "0000-00-00",
    "last day": "9999-12-31T23:59",
    "no hour": "24:60:61",
    "base64": "A===*%0A!",
    "json": '{"a": [1, {"b": NaN',
    "surrogate json": '{"id": "\\ud800", "response": {"clientDataJSON": "\\udfff"}}',
    "other json": '[null, {"type": "public-key", "id": 1e999, "rawId": [], "response": 7}]',
    "deep json": "[" * 3000 + "]" * 3000,
    "path": "../../../../etc/passwd",
    "other path": "..\\..\\windows\\win.ini",
    "markup": MARKUP,
    "attribute": '"><fuzz-mark>',
    "script": "</textarea></script><fuzz-mark>",
    "sql": "x'; DROP TABLE reply; --",
    "like": "%_%' ESCAPE '",
    "template": "{{ config }}{% raw %}%(name)s{0.__class__}%s%n",
    "formula": "=cmd|' /C calc'!A0",
    "regular": "(a+)+$" + "a" * 40 + "!",
    "address": "a@b@c.example, <d@example.org>",
    "other member": "BHS",
    "unknown member": "XXX",
    "enumeration": "no-such-choice",
    "address elsewhere": "//evil.example/\\evil",
    "emoji": "\U0001f3f3\ufe0f\u200d\U0001f308 e\u0301 \ud55c\uae00",
    "zalgo": "Z" + "\u0335\u0321\u0300" * 200,
}

# What the two databases take differently is tried on both in every field.
DIFFERENT = ("nul", "surrogates", "not a character", "beyond")
