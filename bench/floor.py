"""The floor: the least that an honest reply service on Flask + SQLAlchemy must do, and nothing more.

Log in by one-time token, a signed session cookie, a form of ten items, and a POST that is one transaction: consultation row
locked, deadline checked against the instant read before it, reply version + hash-chained ledger row + queued acknowledgement written, committed
with fsync. No translation, no policy table, no layout, no receipts. Consult is measured as a ratio to this.

    FLOOR_DB=sqlite:///floor.db  python floor.py seed 193      makes the database
    FLOOR_DB=…  gunicorn -w 2 -k gthread --threads 4 floor:app  serves it
"""

import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
import sys

import sqlalchemy as sa
from flask import Flask, abort, redirect, render_template_string, request, session
from sqlalchemy import event

ITEMS = int(os.environ.get("FLOOR_ITEMS", "10"))
CHOICES = ("approve", "object", "abstain")
meta = sa.MetaData()
member = sa.Table(
    "member",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(12), unique=True),
    sa.Column("name", sa.String(80)),
    sa.Column("email", sa.String(80)),
    sa.Column("token", sa.String(64)),
    sa.Column("entitled", sa.Boolean),
)
consultation = sa.Table(
    "consultation",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("ref", sa.String(40)),
    sa.Column("closes_at", sa.DateTime(timezone=True)),
    sa.Column("sequence", sa.Integer),
    sa.Column("head", sa.String(64)),
)
item = sa.Table(
    "item",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("consultation_id", sa.ForeignKey("consultation.id")),
    sa.Column("title", sa.String(200)),
)
reply = sa.Table(
    "reply",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("consultation_id", sa.ForeignKey("consultation.id")),
    sa.Column("member_id", sa.ForeignKey("member.id")),
    sa.Column("version", sa.Integer),
    sa.Column("key", sa.String(32), unique=True),
    sa.Column("positions", sa.Text),
    sa.Column("received_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("consultation_id", "member_id", "version"),
)
ledger = sa.Table(
    "ledger",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("consultation_id", sa.ForeignKey("consultation.id")),
    sa.Column("sequence", sa.Integer),
    sa.Column("entry", sa.Text),
    sa.Column("hash", sa.String(64)),
    sa.UniqueConstraint("consultation_id", "sequence"),
)
notice = sa.Table(
    "notice",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("message_id", sa.String(80), unique=True),
    sa.Column("address", sa.String(80)),
    sa.Column("kind", sa.String(20)),
    sa.Column("sent_at", sa.DateTime(timezone=True)),
)

PAGE = """<!doctype html><html lang=en><meta charset=utf-8><title>{{ c.ref }}</title><h1>{{ c.ref }}</h1>
<p>{{ who.name }} · closes {{ c.closes_at }}<form method=post><input type=hidden name=csrf value="{{ csrf }}">
<input type=hidden name=key value="{{ key }}">{% for i in items %}<fieldset><legend>{{ i.title }}</legend>
{% for choice in choices %}<label><input type=radio name=i{{ i.id }} value={{ choice }}{% if positions.get(i.id|string) == choice %} checked{% endif %}> {{ choice }}</label>{% endfor %}
<label>Comment <textarea name=c{{ i.id }}></textarea></label></fieldset>{% endfor %}<button>Send</button></form></html>"""


def make_engine(url: str):
    """SQLite: WAL, FULL, one write lock taken at BEGIN. PostgreSQL: as it comes."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_size=4, max_overflow=0)
    engine = sa.create_engine(url, connect_args={"timeout": 30}, pool_size=4, max_overflow=0)

    @event.listens_for(engine, "connect")
    def pragmas(connection, _):
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN"
        )

    return engine


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def aware(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def create_app(url: str) -> Flask:
    app = Flask(__name__)
    app.secret_key = os.environ.get("FLOOR_SECRET", "bench only")
    app.url_map.strict_slashes = False
    engine = make_engine(url)
    page = app.jinja_env.from_string(PAGE)

    def me(connection):
        row = connection.execute(
            sa.select(member).where(member.c.id == session.get("member", 0))
        ).first()
        return row or abort(401)

    @app.get("/hello")
    def hello():
        return "hello"

    @app.get("/in/<int:who>/<token>")
    def confirm(who, token):
        return render_template_string("<form method=post><button>Continue</button></form>")

    @app.post("/in/<int:who>/<token>")
    def enter(who, token):
        with engine.connect() as connection:
            row = connection.execute(sa.select(member).where(member.c.id == who)).first()
        if not row or not hmac.compare_digest(
            row.token, hashlib.sha256(token.encode()).hexdigest()
        ):
            abort(403)
        session["member"], session["csrf"] = row.id, secrets.token_hex(16)
        return redirect("/c/1", 303)

    @app.get("/c/<int:ref>")
    def form(ref):
        with engine.connect() as connection:
            who = me(connection)
            c = connection.execute(
                sa.select(consultation).where(consultation.c.id == ref)
            ).first() or abort(404)
            items = connection.execute(
                sa.select(item).where(item.c.consultation_id == ref).order_by(item.c.id)
            ).all()
            last = connection.execute(
                sa.select(reply.c.positions)
                .where(reply.c.consultation_id == ref, reply.c.member_id == who.id)
                .order_by(reply.c.version.desc())
                .limit(1)
            ).scalar()
        return page.render(
            c=c,
            who=who,
            items=items,
            choices=CHOICES,
            csrf=session["csrf"],
            key=secrets.token_hex(16),
            positions=json.loads(last) if last else {},
        )

    @app.post("/c/<int:ref>")
    def submit(ref):
        if not hmac.compare_digest(request.form.get("csrf", ""), session.get("csrf", "-")):
            abort(400)
        positions = {k[1:]: v for k, v in request.form.items() if k[0] == "i" and v in CHOICES}
        if not positions:
            abort(422)
        text = json.dumps(positions, sort_keys=True)
        at = now()  # before the lock: to wait makes nobody late
        with engine.connect().execution_options(write=True) as connection, connection.begin():
            c = connection.execute(
                sa.select(consultation).where(consultation.c.id == ref).with_for_update()
            ).first() or abort(404)
            if at >= aware(c.closes_at):
                abort(410)
            who = me(connection)
            if not who.entitled:
                abort(403)
            key = request.form["key"]
            if connection.execute(sa.select(reply.c.id).where(reply.c.key == key)).first():
                return redirect(f"/c/{ref}/done", 303)
            version = (
                connection.execute(
                    sa.select(sa.func.max(reply.c.version)).where(
                        reply.c.consultation_id == ref, reply.c.member_id == who.id
                    )
                ).scalar()
                or 0
            ) + 1
            sequence = c.sequence + 1
            entry = json.dumps(
                {
                    "seq": sequence,
                    "at": at.isoformat(),
                    "actor": who.code,
                    "what": "reply",
                    "version": version,
                    "positions": positions,
                    "before": c.head,
                },
                sort_keys=True,
            )
            head = hashlib.sha256(entry.encode()).hexdigest()
            connection.execute(
                reply.insert(),
                {
                    "consultation_id": ref,
                    "member_id": who.id,
                    "version": version,
                    "key": key,
                    "positions": text,
                    "received_at": at,
                },
            )
            connection.execute(
                ledger.insert(),
                {"consultation_id": ref, "sequence": sequence, "entry": entry, "hash": head},
            )
            connection.execute(
                notice.insert(),
                {
                    "message_id": f"{ref}.{who.id}.{version}.ack",
                    "address": who.email,
                    "kind": "ack",
                },
            )
            connection.execute(
                consultation.update()
                .where(consultation.c.id == ref)
                .values(sequence=sequence, head=head)
            )
        return redirect(f"/c/{ref}/done", 303)

    @app.get("/c/<int:ref>/done")
    def done(ref):
        return "received"

    @app.get("/c/<int:ref>/turnout")
    def turnout(ref):
        """Who has replied: one statement, whatever the number of members."""
        with engine.connect() as connection:
            me(connection)
            rows = connection.execute(
                sa.select(
                    member.c.code, member.c.name, sa.func.max(reply.c.received_at).label("at")
                )
                .outerjoin(
                    reply, (reply.c.member_id == member.c.id) & (reply.c.consultation_id == ref)
                )
                .group_by(member.c.id, member.c.code, member.c.name)
                .order_by(member.c.name)
            ).all()
        cells = "".join(f"<tr><td>{r.code}<td>{r.name}<td>{r.at or ''}" for r in rows)
        return f"<!doctype html><title>Turnout</title><p>{sum(bool(r.at) for r in rows)} of {len(rows)}<table>{cells}</table>"

    app.engine = engine
    return app


def token_of(number: int) -> str:
    return hashlib.blake2b(f"token {number}".encode(), digest_size=16).hexdigest()


def seed(url: str, members: int) -> None:
    """An empty database with one open consultation of ITEMS items and that many entitled members."""
    engine = make_engine(url)
    meta.drop_all(engine)
    meta.create_all(engine)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(
            consultation.insert(),
            {
                "id": 1,
                "ref": "DM-20/1021",
                "closes_at": now() + dt.timedelta(days=30),
                "sequence": 0,
                "head": "0" * 64,
            },
        )
        connection.execute(
            item.insert(),
            [
                {
                    "id": i + 1,
                    "consultation_id": 1,
                    "title": f"Item {i + 1}: chair of working group {i + 1}",
                }
                for i in range(ITEMS)
            ],
        )
        connection.execute(
            member.insert(),
            [
                {
                    "id": i,
                    "code": f"M{i:05}",
                    "name": f"Member State {i:05}",
                    "email": f"focal{i}@example.int",
                    "entitled": True,
                    "token": hashlib.sha256(token_of(i).encode()).hexdigest(),
                }
                for i in range(1, members + 1)
            ],
        )
    if not url.startswith("sqlite"):
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # not the empty reply table: its statistics would say "no pages", and every statement that is prepared before the
            # first hundred replies would keep a plan that reads the whole table
            connection.exec_driver_sql("ANALYZE member")
    engine.dispose()


def close_in(url: str, seconds: float) -> None:
    engine = make_engine(url)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(
            consultation.update().values(closes_at=now() + dt.timedelta(seconds=seconds))
        )
    engine.dispose()


def verify(url: str, acknowledged: set) -> dict:
    """Exactly the acknowledged members have a reply, one ledger entry and one notice each, and the chain holds."""
    engine = make_engine(url)
    with engine.connect() as connection:
        replied = list(connection.execute(sa.select(reply.c.member_id)).scalars())
        entries = connection.execute(
            sa.select(ledger.c.entry, ledger.c.hash).order_by(ledger.c.sequence)
        ).all()
        notices = connection.execute(sa.select(sa.func.count()).select_from(notice)).scalar()
        closes = aware(connection.execute(sa.select(consultation.c.closes_at)).scalar())
        last = connection.execute(sa.select(sa.func.max(reply.c.received_at))).scalar()
    engine.dispose()
    head, chain = "0" * 64, True
    for entry, digest in entries:
        chain &= (
            json.loads(entry)["before"] == head
            and hashlib.sha256(entry.encode()).hexdigest() == digest
        )
        head = digest
    late = bool(last and aware(last) >= closes)
    exact = (
        acknowledged == set(replied)
        and len(replied) == len(acknowledged) == len(entries) == notices
        and chain
        and not late
    )
    return {
        "lost": len(acknowledged - set(replied)),
        "unacknowledged": len(set(replied) - acknowledged),
        "double": len(replied) - len(set(replied)),
        "ledger": len(entries),
        "notices": notices,
        "chain_holds": chain,
        "late": late,
        "exact": exact,
    }


if __name__ == "__main__":
    seed(os.environ["FLOOR_DB"], int(sys.argv[2]))
elif "FLOOR_DB" in os.environ:
    app = create_app(os.environ["FLOOR_DB"])
