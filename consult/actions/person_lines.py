"""What a line of a file of people may say: its role, and what that role asks for."""

from enum import StrEnum

from email_validator import EmailNotValidError, validate_email

from consult.actions import sheet
from consult.actions.given import LANGUAGES

_LONGEST = {"name": 200, "address": 254, "telephone": 40}


class Line(StrEnum):
    """What a line of the file says a person is."""

    HEAD = "head"
    ALTERNATE = "alternate"
    OFFICER = "officer"
    APPROVER = "approver"
    OBSERVER = "observer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


FOCAL_POINT = frozenset({Line.HEAD, Line.ALTERNATE})


def check(row: sheet.Row) -> None:
    """Note the faults of a line that it shows by itself."""
    role = row.required("role")
    if role and role not in list(Line):
        row.fault("role", f"must be one of {', '.join(Line)}")
    elif role in FOCAL_POINT:
        row.required("member")
    elif row.get("member"):
        row.fault("member", f"must be empty: {role} is a role at the secretariat")
    _check_observed(row, role)
    row.required("name")
    if row.required("language") and row.get("language") not in LANGUAGES:
        row.fault("language", f"must be one of {', '.join(LANGUAGES)}")
    if row.required("address") and not is_address(row.get("address")):
        row.fault("address", "must be an e-mail address")
    for column, longest in _LONGEST.items():
        if len(row.get(column)) > longest:
            row.fault(column, f"is longer than {longest} characters")


def _check_observed(row: sheet.Row, role: str) -> None:
    if role == Line.OBSERVER:
        row.required("body")
    elif row.get("body"):
        row.fault("body", "must be empty: an observer alone has one")


def is_address(address: str) -> bool:
    """Say whether mail can be sent to *address*, by its spelling alone."""
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True
