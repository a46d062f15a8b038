"""The table's first part: what is public, one's own account, keys, people and observers."""

from collections.abc import Iterator
from typing import Any

from tests.build import BODY
from tests.matrix_row import ABSENT, ENDED, Row, row
from tests.world import (
    COUNTED,
    DRAFT,
    HIDDEN,
    OBSERVED,
    OPEN,
    PEOPLE,
    PUBLISHED,
    ROUND_PUBLISHED,
    slug,
)

SIGNED_IN = PEOPLE[1:]
_NOT_ON_THE_ROLL = dict.fromkeys(("stranger", "administrator", "observer"), 404)


def public(known: dict[Any, Any]) -> Iterator[Row]:
    for name in ("accessibility", "contact", "privacy", "rules", "trust"):
        yield row(f"about.{name}", 200)
    yield row("without_language", 302, path="contact", fixed={"path"})
    yield row("health.healthz", 200)
    yield row("health.readyz", 503)  # no worker runs here
    yield row("static", 200, filename="consult.css")
    yield row("captured.mail", 200)
    yield row("captured.message", 404, key="none")
    yield row("captured.enclosure", 404, key="none", place=0)
    signed_in = dict.fromkeys(SIGNED_IN, 303)
    yield row("register.home", 200, but=signed_in)
    yield row("register.decisions", 200)
    yield row("register.verify", 200, 422)
    yield row("register.record", 200, at=PUBLISHED)
    for form in ("csv", "docx", "ics", "json", "pdf"):
        yield row(f"register.{form}", 200, at=PUBLISHED)
        yield row(f"register.{form}", 200, at=HIDDEN, but=_NOT_ON_THE_ROLL)
        yield row(f"register.{form}", 404, at=COUNTED)
    for form in ("csv", "docx", "json"):
        yield row(f"register.{form}", 200, at=ROUND_PUBLISHED)
    yield row("register.note", 200, at=PUBLISHED, sha256=known["note"])
    yield row("register.note", 404, at=OPEN, sha256=known["note"])
    yield row("register.countersignature", 404, at=PUBLISHED)  # its key was never lost
    yield row("register.record", 200, at=HIDDEN, but=_NOT_ON_THE_ROLL)
    yield row("register.record", 404, at=COUNTED)
    yield row("register.record", 404, at=OPEN)
    yield row("account.sign_in", 200, 422, but=dict.fromkeys(SIGNED_IN, 0))
    yield row("account.sent", 200)
    yield row("account.by_code", post=422)
    yield row("account.link", 200, token=known["link"], missing=ENDED)
    yield row("account.use_link", post=ENDED, token=known["link"], missing=ENDED)
    yield row("account.invitation", 200, token=known["invitation"], missing=ENDED)
    yield row("account.invitation", post=ENDED, token=ABSENT["token"], missing=ENDED)


def own(known: dict[Any, Any]) -> Iterator[Row]:
    yield row("account.me", 200, 303)
    yield row("account.end_session", post=404, key="none")
    yield row("account.end_others", post=303)
    yield row("account.sign_out", post=200)
    for name in ("required", "closed", "closing"):
        yield row(f"desk.{name}", 200)
    outside = dict.fromkeys(("officer", "approver", "auditor", "administrator", "observer"), 404)
    yield row("reply.choose", 303, at=OPEN, but=outside)
    yield row(
        "receipts.leaves", 200, at=OPEN, but=dict.fromkeys(("administrator", "observer"), 404)
    )
    readers = dict.fromkeys(("officer", "approver", "auditor"), 200)
    yield row("receipts.leaves", 404, at=DRAFT, but=readers)


def ways_in(known: dict[Any, Any]) -> Iterator[Row]:
    """How one signs in, and shows again who one is: here without a provider."""
    yield row("account.by_password", post=422)
    # Passkeys do not exist where the service has a number for a name, as here.
    yield row("account.by_passkey", post=404)
    yield row("account.to_provider", post=404)
    yield row("callback.from_provider", 404)
    yield row("account.confirm", 200, 422)
    yield row("account.confirm_by_passkey", post=404)
    yield row("account.confirm_by_provider", post=404)
    yield row("account.app", 200, 404)
    yield row("account.begin_app", post=303)
    yield row("account.remove_app", post=303)
    yield row("account.renew_codes", post=404)
    yield row("account.codes_as_file", post=200)
    yield row("account.password", 200, 422)
    yield row("account.remove_password", post=404)
    yield row("account.keys", 404, 404)
    yield row("account.name_key", post=422, number=1, missing=422)
    yield row("account.remove_key", post=404, number=1)
    yield row("account.link_provider", post=404)
    yield row("account.linked", 303, 303)
    yield row("account.unlink_provider", post=404, number=1)
    yield row("account.own_data", 200)
    yield row("account.address", 200, 422)
    yield row("account.address_link", 200, token=known["address"], missing=ENDED)


def keys_and_people(known: dict[Any, Any]) -> Iterator[Row]:
    yield row("keys.list", 200)
    yield row("keys.checker", 200)
    yield row("keyfiles.list", 200)
    yield row("keys.change", 200)
    yield row("keys.change", post=422, but={"approver": 403})
    yield row("people.listing", 200)
    yield row("people.page", 200, person=known["person"])
    yield row("people.reset", post=422, person=known["person"])
    yield row("people.address", post=422, person=known["person"])
    yield row("people.end_all", post=303, person=known["person"])
    yield row("people.end_session", post=404, person=known["person"], key="none")


def observers(known: dict[Any, Any]) -> Iterator[Row]:
    """What is not open to observers is as if absent for them."""
    yield row("observe.listing", 200)
    for at, status in ((OBSERVED, 200), (OPEN, 404), (DRAFT, 404)):
        yield row("observe.letter", status, at=at)
        yield row("observe.pdf", status, at=at)
        if at != DRAFT:
            document = known["document", slug(at)]
            yield row("observe.document", status, at=at, document=document)
    yield row("observers.listing", 200, body=BODY)
    yield row("observers.name", post=422, body=BODY)
    yield row("observers.end", post=303, body=BODY, number=known["observer"])
