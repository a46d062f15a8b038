"""Who may use which route: each says it with `allow`, and one check before each request asks it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from consult.actions import throttling
from consult.core.factors import count
from consult.core.life import Role
from consult.core.network import prefix
from consult.core.throttle import Limit
from consult.errors import NotAllowed, NotFound
from consult.queries.sessions import Me
from consult.web import security

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "_consult_policy"
_REPEATED = "_consult_repeated"
_TAKES = "_consult_takes"
_PROVING = "_consult_proving"
_FRESH = "_consult_fresh"
_LIMIT = "_consult_limit"
_FRESH_FOR = timedelta(minutes=5)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may come.

    Args:
        name: As the documentation's table says it.
        rule: What of the object must be the actor's, in words.
        roles: One of these is needed, if any is named.
        signed_in: Whether one must be signed in at all.
        own_member: The ``member`` of the address must be one for which the person may reply.
        or_roles: Who holds one of these comes in whatever the other conditions say.
    """

    name: str
    rule: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    signed_in: bool = True
    own_member: bool = False
    or_roles: frozenset[Role] = field(default_factory=frozenset)

    def check(self, me: Me | None, given: Mapping[str, Any]) -> None:
        """Refuse who may not come.

        Raises:
            NotFound: The member of the address is not the person's own.
            NotAllowed: The person has none of the roles.
        """
        if me is None or self.or_roles & me.roles:
            return
        if self.own_member and given.get("member") not in me.actor.members:
            raise NotFound
        if self.roles and not self.roles & me.roles:
            raise NotAllowed(roles=sorted(self.roles))


anyone = Policy("anyone", "public", signed_in=False)
signed_in = Policy("signed in", "one's own account")
focal_point = Policy("focal point", "a member for which one may reply", own_member=True)
_STAFF = frozenset({Role.OFFICER, Role.APPROVER, Role.AUDITOR})
office = Policy("secretariat", "every consultation", _STAFF)
officer = Policy("officer", "every consultation", frozenset({Role.OFFICER}))
officer_or_approver = Policy(
    "officer or approver", "every consultation", frozenset({Role.OFFICER, Role.APPROVER})
)
observer = Policy(
    "observer", "a body that one observes, where open to observers", frozenset({Role.OBSERVER})
)
approver = Policy("approver", "every consultation", frozenset({Role.APPROVER}))
administrator = Policy("administrator", "people and bodies", frozenset({Role.ADMINISTRATOR}))
focal_point_or_officer = Policy(
    "focal point or officer",
    "a member for which one may reply; officers: every member",
    own_member=True,
    or_roles=frozenset({Role.OFFICER}),
)
focal_point_or_office = Policy(
    "focal point or secretariat",
    "a member for which one may reply; the secretariat: every member",
    own_member=True,
    or_roles=_STAFF,
)


def allow(policy: Policy) -> Callable[[View], View]:
    """Mark a view with its policy."""

    def mark(view: View) -> View:
        setattr(view, _MARK, policy)
        return view

    return mark


def repeats(*names: str) -> Callable[[View], View]:
    """Let a view's parameters of these names come several times; all others may not (T32)."""

    def mark(view: View) -> View:
        setattr(view, _REPEATED, frozenset(names))
        return view

    return mark


def takes(
    most: int,
    *,
    by: Callable[[Me, Mapping[str, Any]], bool] | None = None,
    memory: int | None = None,
) -> Callable[[View], View]:
    """Let those whom the policy lets in send a view more than a form: so many bytes.

    Args:
        by: Who of them may, by the person and the parts of the address; all, if it is not said.
        memory: How many bytes the fields of the form itself may have, if more than usual.
    """

    def mark(view: View) -> View:
        setattr(view, _TAKES, (most, by, memory))
        return view

    return mark


def proving(view: View) -> View:
    """Let in a session that has shown fewer factors than its person needs (T12)."""
    setattr(view, _PROVING, True)
    return view


def fresh(view: View) -> View:
    """Ask for a factor again where the last one was shown more than five minutes ago (T15)."""
    setattr(view, _FRESH, True)
    return view


def limited(limit: Limit, *methods: str) -> Callable[[View], View]:
    """Let a view be asked for so often by one person, or one network of strangers (T97)."""

    def mark(view: View) -> View:
        setattr(view, _LIMIT, (limit, methods or ("GET", "POST")))
        return view

    return mark


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """Return the policy of *endpoint*, None if it has none."""
    found: Policy | None = getattr(app.view_functions[endpoint], _MARK, None)
    return found


def me() -> Me:
    """Return who is signed in; only for routes whose policy asks for it."""
    found = visitor()
    if found is None:
        raise AssertionError("a route for signed-in people was entered by a stranger")
    return found


def visitor() -> Me | None:
    """Return who is signed in, None for a stranger, and where the database cannot be asked."""
    if g.get("standing") == "alone":
        return None
    found = current_user._get_current_object()  # noqa: SLF001 - each look through it is a call
    return found if found.is_authenticated else None


def guard(app: Flask) -> None:
    """Put the checks before every request; start-up fails on a route without a policy."""
    allow(anyone)(app.view_functions["static"])
    for rule in app.url_map.iter_rules():
        if policy_of(app, rule.endpoint) is None:
            raise RuntimeError(f"the route {rule.rule} has no policy")
    app.url_value_preprocessor(_refuse_nul)
    app.url_value_preprocessor(_let_files_in)
    app.before_request(_refuse_foreign_origin)
    app.before_request(_refuse_strangers)
    app.before_request(_refuse_repetition)
    app.before_request(_refuse_haste)


def _refuse_nul(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Refuse an address with the one sign that no database keeps: nothing is named by it (T96)."""
    if any("\0" in value for value in (values or {}).values() if isinstance(value, str)):
        raise NotFound
    if any("\0" in text for pair in request.args.items(multi=True) for text in pair):
        raise BadRequest


def _let_files_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let a request be larger than a form where its view takes files from that visitor.

    It must be known before the body is read, and the check of forged requests reads it.
    """
    view = current_app.view_functions.get(endpoint or "")
    most, by, memory = getattr(view, _TAKES, (None, None, None))
    if most is None or not _comes(view, {**(values or {}), **g.get("given", {})}, by):
        return
    request.max_content_length = most
    if memory is not None:
        request.max_form_memory_size = memory


def _comes(view: Any, given: Mapping[str, Any], by: Callable[..., bool] | None) -> bool:
    policy, who = getattr(view, _MARK), visitor()
    if policy.signed_in and who is None:
        return False
    try:
        policy.check(who, given)
    except (NotAllowed, NotFound):
        return False
    return by is None or (who is not None and by(who, given))


def _refuse_foreign_origin() -> None:
    """Refuse a form that another site sends (T20); under https it must say where it is from."""
    origin = request.headers.get("Origin")
    if request.method in _SAFE or (origin is None and not request.is_secure):
        return
    if origin is None:
        page = urlsplit(request.referrer or "")
        origin = f"{page.scheme}://{page.netloc}"
    public = urlsplit(current_app.extensions["consult_settings"].public_url)
    ours = {f"{public.scheme}://{public.netloc}", f"{request.scheme}://{request.host}"}
    if origin not in ours:
        raise CSRFError("foreign origin")


def _refuse_strangers() -> Response | None:
    if request.endpoint is None:
        return None
    policy = policy_of(current_app, request.endpoint)
    if policy is None:
        raise RuntimeError(f"the route of {request.endpoint} has no policy")
    who = visitor()
    if policy.signed_in and who is None:
        return _to_sign_in()
    if who is not None and policy.signed_in and _must_prove(who):
        return redirect(url_for("account.confirm", back=_way_back()), 303)
    policy.check(who, {**(request.view_args or {}), **g.get("given", {})})
    return None


def lacks_factors(who: Me) -> bool:
    """Say whether the session has shown fewer factors than its person needs (T12)."""
    asked = current_app.extensions["consult_settings"].focal_point_factors
    return count(who.factors) < (2 if who.staff else asked)


def _must_prove(who: Me) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, _FRESH, False):
        now: datetime = current_app.extensions["consult"].clock()
        if now - who.strong_at > _FRESH_FOR:
            return True
    return lacks_factors(who) and not getattr(view, _PROVING, False)


def _way_back() -> str:
    """Where to go once it is shown; what was to be done is done again there."""
    if request.method in _SAFE:
        return request.full_path.rstrip("?")
    rule = request.url_rule
    return request.path if rule is not None and "GET" in (rule.methods or ()) else ""


def _refuse_repetition() -> None:
    """Refuse a parameter that comes twice where one is meant: which would count?"""
    view = current_app.view_functions.get(request.endpoint or "")
    several: frozenset[str] = getattr(view, _REPEATED, frozenset())
    for given in (request.args, request.form):
        for name, values in given.lists():
            if len(values) > 1 and name not in several and not name.startswith("kept-"):
                security.refused("refused", "parameter-repeated")
                raise BadRequest


def _refuse_haste() -> None:
    """Refuse what is asked too often."""
    view = current_app.view_functions.get(request.endpoint or "")
    limit, methods = getattr(view, _LIMIT, (None, ()))
    if limit is None or request.method not in methods:
        return
    who = visitor()
    of = who.actor.opaque if who is not None else prefix(request.remote_addr)
    throttling.take(current_app.extensions["consult"], limit, of)


def _to_sign_in() -> Response:
    """Send a stranger to sign in; what was typed in a form is carried along (T17)."""
    if request.method not in _SAFE:
        raise CSRFError("signed out")
    return redirect(url_for("account.sign_in", back=request.full_path.rstrip("?")), 303)
