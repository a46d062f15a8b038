"""What templates may use: filters for instants and codes, the language switch, who is signed in."""

from collections.abc import Mapping
from datetime import UTC, datetime

from babel import Locale
from babel.dates import get_timezone_location
from babel.numbers import format_decimal
from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.routing import BuildError

from consult.core.life import Role
from consult.queries.organisation import NOBODY, House, house
from consult.queries.sessions import Mandate, Me
from consult.queries.texts import pick
from consult.web.frame import desk, home, language, with_query
from consult.web.policy import office, visitor
from consult.wording import LANGUAGES, RTL, instants, kinds, paragraphs, signs
from consult.wording.instants import Place
from consult.wording.specimens import invented

_FILTERS = {
    "long": instants.long,
    "full": instants.full,
    "short": instants.short,
    "exact": instants.exact,
    "clock_time": instants.clock_time,
    "utc": instants.utc,
    "day": instants.day,
    "weekday_day": instants.weekday_day,
    "days": instants.days,
    "left": instants.left,
    "duration": instants.duration,
    "state_words": kinds.state,
    "choice_words": kinds.choice,
    "channel_words": kinds.channel,
    "comment_kind_words": kinds.comment_kind,
    "mark_of": kinds.mark,
    "listed": kinds.listed,
    "roles_words": kinds.roles,
    "factors_words": kinds.factors,
    "factor_change": kinds.factor_change,
    "invented": invented,
}
UTC_PLACE = Place("UTC", "UTC")
_MEGABYTE = 1_000_000


def set_up(app: Flask) -> None:
    """Give *app* its filters and what every page knows."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= _FILTERS | {
        "iso": iso,
        "pick": words,
        "file_size": file_size,
        "number": number,
        "grouped": grouped,
        "marks_shown": signs.shown,
        "comment_shown": paragraphs.said,
    }
    app.jinja_env.globals |= {
        "outcome_words": kinds.outcome,
        "mixed_words": kinds.mixed,
        "place": place,
        "utc_place": UTC_PLACE,
        "reader_place": reader_place,
        "left_form": instants.left_form,
        "more_items": more_items,
    }

    @app.context_processor
    def shared() -> dict[str, object]:
        chosen = language()
        return {
            "language": chosen,
            "direction": "rtl" if chosen in RTL else "ltr",
            "languages": languages,
            "masthead": masthead,
            "identity": identity,
            "organisation_name": lambda: organisation().name,
            "organisation": organisation,
            "me": visitor(),
            "home": home(),
            "demo": not current_app.extensions["consult_settings"].production,
            "now": desk().clock(),
            "standing": g.get("standing"),
        }


def words(texts: Mapping[str, str] | None) -> str:
    """Return a text in the reader's language, else as it can be had."""
    return pick(texts, language())


def iso(at: datetime) -> str:
    """Return an instant for `<time datetime>`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def file_size(count: int) -> str:
    """Return bytes as people say them: "212 KB"."""
    if count < _MEGABYTE:
        return str(_("%(number)s KB", number=number(max(1, round(count / 1000)))))
    tenths = round(count * 10 / _MEGABYTE)
    return str(_("%(number)s MB", number=format_decimal(tenths / 10, locale=_numbers())))


def number(of: int) -> str:
    """Return a whole number with the language's own grouping."""
    return format_decimal(of, locale=_numbers())


def grouped(digits: str) -> str:
    """Return a fingerprint in groups of four."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def place(zone: str, city: Mapping[str, str]) -> Place:
    """Return a place whose city is named in the reader's language."""
    return Place(zone, words(city))


def reader_place(mandate: Mandate | None = None) -> Place | None:
    """Return where the reader is: as the person set it, else the capital of the member."""
    who = visitor()
    if who is None:
        return None
    if mandate is None and len(who.mandates) == 1:
        mandate = who.mandates[0]
    if mandate is not None and mandate.zone and who.zone in (None, mandate.zone):
        return Place(mandate.zone, words(mandate.capital) or _city(mandate.zone))
    return Place(who.zone, _city(who.zone)) if who.zone else None


def more_items(total: int) -> list[str]:
    """Return what stands beside the button with 0, 1, 2 … of *total* items left blank."""
    return [
        str(ngettext("%(num)d more item", "%(num)d more items", left)) if left else ""
        for left in range(total + 1)
    ]


def organisation() -> House:
    """Return the organisation in the page's language, read once a request."""
    if g.get("standing") == "alone":
        return NOBODY
    if "house" not in g:
        g.house = house(desk().engine, language())
    found: House = g.house
    return found


def know_organisation(read: House) -> None:
    """Take the organisation from a query that read it with its own page."""
    g.house = read


def languages() -> list[tuple[str, str, str]]:
    """Return the six languages, each with its own name and the same page in it."""
    return [(code, name, _same_page(code)) for code, name in LANGUAGES.items()]


def masthead() -> list[tuple[str, str, bool]]:
    """Return the links of the masthead: the desk if signed in, the register, the check."""
    who = visitor()
    links = [
        ("register.decisions", _("Register of decisions")),
        ("register.verify", _("Verify a record")),
    ]
    if who is not None and office.roles & who.roles:
        links.insert(0, ("office.desk", _("Secretariat desk")))
    elif who is not None and Role.ADMINISTRATOR in who.roles:
        links.insert(0, ("people.listing", _("People")))
    elif who is not None and not who.staff and (who.mandates or not who.roles):
        links.insert(0, ("desk.required", _("My desk")))
    if who is not None and Role.OBSERVER in who.roles:
        links.insert(0, ("observe.listing", _("Letters open to observers")))
    here = "" if g.get("standing") else (request.endpoint or "")
    return [(url_for(end), str(said), _is_current(end, here)) for end, said in links]


def identity() -> str | None:
    """Return for whom the person acts on this page, in words; None for a stranger."""
    who = visitor()
    if who is None:
        return None
    mandate = _acts_for(who)
    if mandate is not None:
        return for_member(mandate)
    if who.roles == {Role.OBSERVER}:
        return str(_("%(person)s: observer", person=who.name))
    if who.roles:
        return str(_("Secretariat: %(roles)s", roles=kinds.roles(who.roles)))
    return who.name


def for_member(mandate: Mandate) -> str:
    """Return "Kenya: head focal point"."""
    member = words(mandate.name)
    if mandate.head:
        return str(_("%(member)s: head focal point", member=member))
    if mandate.adviser:
        return str(_("%(member)s: adviser", member=member))
    return str(_("%(member)s: alternate", member=member))


def _acts_for(who: Me) -> Mandate | None:
    if not g.get("standing") and (member := (request.view_args or {}).get("member")):
        return who.mandate_for(member)
    return who.mandates[0] if len(who.mandates) == 1 and not who.roles else None


def _is_current(endpoint: str, here: str) -> bool:
    """Say whether the page is the link's own, or one below a desk."""
    if endpoint.startswith("register."):
        return here == endpoint
    return here.partition(".")[0] == endpoint.partition(".")[0]


def _same_page(code: str) -> str:
    if g.get("standing") or request.endpoint is None:
        return url_for("register.home", lang=code)
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()):
        endpoint, given = g.get("page", ("register.home", {}))
        asked: list[tuple[str, str]] = []
    else:
        endpoint, given = request.endpoint, request.view_args or {}
        asked = list(request.args.items(multi=True))
    try:
        return with_query(url_for(endpoint, **{**given, "lang": code}), asked)
    except BuildError:
        return url_for("register.home", lang=code)


def _city(zone: str) -> str:
    return get_timezone_location(zone, locale=get_locale(), return_city=True)


def _numbers() -> Locale | str:
    found: Locale | None = get_locale()
    return found or "en_GB"
