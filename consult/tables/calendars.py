"""Days to avoid when dates are proposed: calendars, each with its source."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.tables.base import Base, Code, Id, Texts


class Calendar(Base):
    """A list of days to avoid, as it was loaded from a file."""

    __tablename__ = "calendar"

    id: Mapped[Id]
    slug: Mapped[Code] = mapped_column(unique=True)
    title: Mapped[Texts]
    source: Mapped[str] = mapped_column(Text)  # the file, or how its days were computed
    loaded_at: Mapped[datetime]
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class CalendarEvent(Base):
    """Some days of a calendar, both ends included."""

    __tablename__ = "calendar_event"
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="ends_after_it_begins"),
        Index("ix_calendar_event_calendar_id_from_on", "calendar_id", "from_on"),
    )

    id: Mapped[Id]
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"))
    title: Mapped[Texts]
    kind: Mapped[str] = mapped_column(String(64))
    from_on: Mapped[date]
    to_on: Mapped[date]
    estimate: Mapped[bool]  # computed, or fixed only shortly before
    source: Mapped[str] = mapped_column(Text)
