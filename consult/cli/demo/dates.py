"""The consultation of 2020 on dates, from its draft to its published record."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from typing import Any

from consult.actions import certifying, documents, drafting, opening, posting, publishing, recording
from consult.actions.change import Desk
from consult.actions.importing import content_from_data
from consult.cli.demo.council import BODY, read
from consult.cli.demo.people import Cast, language_of
from consult.cli.demo.replay import Replay, begin, draft_of
from consult.core.answer import Draft, OnBehalf
from consult.core.life import Channel
from consult.core.upload import EVIDENCE

_NUMBER = "Decision 620 (C20)"
_TEXT_ITEM = "4.1"
_AUTHORITY = "Chair of the Council, message of 17 July 2020 (specimen)"
_DRAFTED = datetime.fromisoformat("2020-06-18T09:00:00+02:00")
_SUBMITTED = datetime.fromisoformat("2020-06-19T16:00:00+02:00")
_OPENED = datetime.fromisoformat("2020-06-22T08:40:00+02:00")
_POST_STATED = datetime.fromisoformat("2020-07-20T09:10:00+02:00")
_POST_CONFIRMED = datetime.fromisoformat("2020-07-20T09:40:00+02:00")
_CONCLUDED = datetime.fromisoformat("2020-07-20T11:00:00+02:00")
_CERTIFIED = datetime.fromisoformat("2020-07-20T14:30:00+02:00")
_PUBLISHED = datetime.fromisoformat("2020-07-20T15:00:00+02:00")


def replay(desk: Desk, cast: Cast) -> str:
    """Act it all again under its dates; return the consultation's slug."""
    given = read("itu-council-2020/replies.yaml")["replies"]
    this = begin(desk, _DRAFTED)
    slug, items, closes_at = _open(this, cast, given["notice"])
    _reply(this, cast, slug, items, given["replies"])
    this.at(closes_at)
    this.at(_POST_STATED)
    request = posting.state_post(this.desk, slug, cast.officer)
    this.at(_POST_CONFIRMED)
    this.confirm(request, cast.approver)
    this.at(_CONCLUDED)
    adopted = {_TEXT_ITEM: certifying.Adoption(_NUMBER, None)}
    said = certifying.Conclusion(read("demo/conclusion.yaml")["conclusion"], adopted, _AUTHORITY)
    request = certifying.conclude(this.desk, slug, cast.officer, said)
    this.at(_CERTIFIED)
    this.confirm(request, cast.approver)
    this.at(_PUBLISHED)
    publishing.publish(this.desk, slug, cast.officer)
    this.send()
    return slug


def _open(this: Replay, cast: Cast, notice: str) -> tuple[str, list[str], datetime]:
    content = content_from_data(read("itu-council-2020/consultation-dates.yaml"))
    remarks = content.pop("remarks")
    content["illustrative"] = notice
    slug = drafting.create(this.desk, cast.officer, BODY, content, remarks)
    this.at(_SUBMITTED)
    request = opening.submit(this.desk, slug, cast.officer)
    this.at(_OPENED)
    this.confirm(request, cast.approver)
    this.at(datetime.fromisoformat(content["opens_at"]))
    items = [item["id"] for item in content["items"]]
    return slug, items, datetime.fromisoformat(content["closes_at"])


def _reply(
    this: Replay, cast: Cast, slug: str, items: list[str], replies: list[dict[str, Any]]
) -> None:
    """Let each member reply, in the order of time; who wrote by e-mail is recorded."""
    versions: Counter[str] = Counter()
    acts: list[tuple[str, Callable[[], None]]] = []
    for given in replies:
        draft = draft_of(given, items, versions[given["member"]])
        versions[given["member"]] += 1
        if given["by"] == "officer":
            acts += _recording(this, cast, slug, draft, given)
        else:
            acts.append((given["received_at"], partial(_send, this, cast, slug, draft, given)))
    for at, act in sorted(acts, key=lambda one: datetime.fromisoformat(one[0])):
        this.at(datetime.fromisoformat(at))
        act()


def _send(this: Replay, cast: Cast, slug: str, draft: Draft, given: dict[str, Any]) -> None:
    people = cast.alternates if given["by"] == "alternate" else cast.heads
    this.reply(slug, people[draft.member], draft, language_of(draft.member))


def _recording(
    this: Replay, cast: Cast, slug: str, draft: Draft, given: dict[str, Any]
) -> list[tuple[str, Callable[[], None]]]:
    """Return the acts of both officers who take in a reply that came by e-mail."""
    requests: list[int] = []

    def record() -> None:
        requests.append(_record(this, cast, slug, draft, given))

    def confirm() -> None:
        this.confirm(requests[0], cast.approver)

    on_behalf = given["on_behalf"]
    return [(on_behalf["recorded_at"], record), (on_behalf["confirmed_at"], confirm)]


def _record(this: Replay, cast: Cast, slug: str, draft: Draft, given: dict[str, Any]) -> int:
    received_at = datetime.fromisoformat(given["received_at"])
    paper = _paper(given, received_at)
    name = f"reply-{draft.member.lower()}.eml"
    scan = documents.keep(this.desk, paper, name, "message/rfc822", EVIDENCE)
    said = OnBehalf(
        draft=draft,
        key=f"demonstration-{draft.member}",
        channel=Channel(given["channel"]),
        received_at=received_at.astimezone(UTC),
        scan=scan.sha256,
        reason=given["on_behalf"]["reason"],
        language="en",
    )
    return recording.record(this.desk, slug, cast.officer, said, scan)


def _paper(given: dict[str, Any], received_at: datetime) -> bytes:
    """Write the e-mail that was received; an invention of the demonstration."""
    mail = EmailMessage()
    mail["From"] = "focal.point@states.consult.example"
    mail["To"] = "council-secretariat@consult.example"
    mail["Date"] = received_at
    mail["Subject"] = "C20-CC/1: reply form"
    lines = [f"Item {item}: {choice}" for item, choice in given["positions"].items()]
    mail.set_content("\n".join(["Specimen, invented for demonstration.", "", *lines, ""]))
    return mail.as_bytes()
