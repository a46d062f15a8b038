"""The positions of a record as CSV: one row for each member on the roll (T95)."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from consult.core.cells import guarded, unguarded
from consult.core.contesting import Doubtful
from consult.core.life import CommentKind
from consult.documents.record_rulings import doubtful_in
from consult.documents.replies import ReplyView, counted_of, replies_of
from consult.queries.texts import pick

_NOT_ENTITLED = "not_entitled"


def record_csv(record: Mapping[str, Any], language: str) -> bytes:
    """Return the positions as UTF-8 CSV with a byte order mark, codes in English."""
    told, questions = record["consultation"], record["result"]["questions"]
    counted = counted_of(replies_of(record))
    doubts: dict[str, list[Doubtful]] = {}
    for one in doubtful_in(record):
        doubts.setdefault(one.member, []).append(one)
    first = (told["languages"] or ["en"])[0]
    rows = [
        [
            "code",
            "name",
            *questions,
            "received_at",
            "channel",
            "counted",
            "left_out",
            "contested",
            "ruling",
            "reservations",
            "explanations",
            "unclear",
            "note",
        ]
    ]
    for code in told["order"]:
        reply = counted.get(code)
        rows.append(
            [
                code,
                pick(told["members"][code]["name"], language, first),
                *(found["positions"].get(code, _NOT_ENTITLED) for found in questions.values()),
                reply.received_at.isoformat().replace("+00:00", "Z") if reply else "",
                reply.channel.value if reply else "",
                "yes" if reply else "no",
                *_doubts(doubts.get(code, [])),
                *_beside(reply),
            ]
        )
    return write(rows)


def _doubts(found: Sequence[Doubtful]) -> list[str]:
    """Return when late or doubtful replies came, whether they are contested, what was ruled."""
    return [
        " ".join(one.received_at.isoformat().replace("+00:00", "Z") for one in found),
        "yes" if any(one.contest for one in found) else "",
        " ".join(
            "counts" if one.ruling.counts else "does_not_count" for one in found if one.ruling
        ),
    ]


def _beside(reply: ReplyView | None) -> list[str]:
    """Return on what the member made reservations, explained itself or was unclear; its note."""
    if reply is None:
        return ["", "", "", ""]
    kinds = {
        kind: " ".join(place for place, said in reply.kinds.items() if said == kind)
        for kind in (CommentKind.RESERVATION, CommentKind.EXPLANATION)
    }
    return [*kinds.values(), " ".join(reply.unclear), reply.note]


def write(rows: list[list[str]]) -> bytes:
    """Return *rows* as RFC 4180 has it, no cell a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def read(raw: bytes) -> list[list[str]]:
    """Return the rows of a file that `write` made, as they were."""
    text = io.StringIO(raw.decode("utf-8-sig"), newline="")
    return [[unguarded(cell) for cell in row] for row in csv.reader(text)]
