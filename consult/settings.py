"""The settings of a deployment: read once from the environment, typed, all faults at once."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

_LEAST_SECRET = 32  # characters
_PROFILES = ("demo", "production")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(Exception):
    """The environment does not make a working service; one line for each fault."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What this deployment is.

    Args:
        secret: Empty in a demo that makes its own (`app.secret_of`).
        profile: ``demo`` (loopback only, mail captured, demo people allowed) or ``production``.
        database: SQLAlchemy's address of the database.
        public_url: Where people reach the service; links in mail begin with it.
        hops: Proxies in front whose forwarded headers are believed.
        mail: ``maildir`` (captured in a folder) or ``smtp``.
        keys: The folder of the private signing keys, outside the database and its backups.
        settling: How long after the deadline no result is shown.
        password_memory: KiB for each password hash (T2).
        keep_people: Years after the last mandate for which a person's name is kept (T104).
        focal_point_factors: How many factors are asked of focal points (T12).
        limits: Whether what is asked too often is refused (T97).
        oidc_issuer: Of the organisation's identity provider; empty for none (T14).
        oidc_two_factors: Values of ``acr`` or ``amr`` that say it asked for two factors.
        scanner: The command that looks through every file before it is kept; empty for none (T93).
        scanner_seconds: How long it may take for one file.
    """

    profile: str
    database: str
    secret: str
    secret_fallbacks: tuple[str, ...]
    public_url: str
    host: str
    port: int
    hosts: tuple[str, ...]
    hops: int
    instance: Path
    keys: Path
    mail: str
    mail_server: str
    mail_port: int
    mail_tls: str
    mail_username: str
    mail_password: str
    mail_timeout: int
    mail_sender: str
    settling: timedelta
    password_memory: int
    focal_point_factors: int
    limits: bool
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_name: str
    oidc_two_factors: tuple[str, ...]
    threads: int
    keep_people: int
    scanner: tuple[str, ...]
    scanner_seconds: int

    @property
    def production(self) -> bool:
        return self.profile == "production"

    @property
    def secure(self) -> bool:
        """Whether cookies are for HTTPS only: always, but on plain loopback."""
        return self.public_url.startswith("https:")

    @property
    def files(self) -> Path:
        return self.instance / "files"

    @property
    def mailbox(self) -> Path:
        return self.instance / "mail"


VARIABLES: Mapping[str, tuple[str, str]] = {
    "CONSULT_ENV": ("demo", "demo (loopback only) or production"),
    "CONSULT_DATABASE_URL": (
        "sqlite:///instance/consult.db",
        "the database: sqlite:///… or postgresql://…",
    ),
    "CONSULT_SECRET_KEY": (
        "",
        "at least 32 random characters; required in production, made by the demo",
    ),
    "CONSULT_SECRET_KEY_FALLBACKS": ("", "former secrets, separated by commas"),
    "CONSULT_PUBLIC_URL": ("http://127.0.0.1:8000", "where people reach the service"),
    "CONSULT_HOST": ("127.0.0.1", "the address to listen on"),
    "CONSULT_PORT": ("8000", "the port to listen on, 1 to 65535"),
    "CONSULT_ALLOWED_HOSTS": ("", "further host names that may be asked for, with commas"),
    "CONSULT_TRUSTED_HOPS": ("0", "proxies in front, 0 to 5"),
    "CONSULT_INSTANCE": ("instance", "the folder of files and captured mail"),
    "CONSULT_KEYS": (
        "",
        "the folder of the private signing keys; keys in the instance folder if unset",
    ),
    "CONSULT_MAIL": ("maildir", "maildir (captured in the instance folder) or smtp"),
    "CONSULT_MAIL_SERVER": ("127.0.0.1", "the SMTP server"),
    "CONSULT_MAIL_PORT": ("25", "its port, 1 to 65535"),
    "CONSULT_MAIL_TLS": ("starttls", "starttls, tls or none"),
    "CONSULT_MAIL_USERNAME": ("", "for SMTP authentication"),
    "CONSULT_MAIL_PASSWORD": ("", "for SMTP authentication"),
    "CONSULT_MAIL_TIMEOUT": ("20", "seconds to wait for the SMTP server, 1 to 240"),
    "CONSULT_MAIL_SENDER": ("consult@consult.example", "the sender's address"),
    "CONSULT_SETTLING_SECONDS": ("120", "from the deadline to the first result, 120 to 3600"),
    "CONSULT_PASSWORD_MEMORY": ("19456", "KiB for each password hash, 19456 to 1048576"),
    "CONSULT_KEEP_PEOPLE_YEARS": (
        "5",
        "years after the last mandate for which names and addresses are kept, 1 to 100",
    ),
    "CONSULT_FOCAL_POINT_FACTORS": (
        "1",
        "factors asked of focal points, 1 or 2; the secretariat always shows two",
    ),
    "CONSULT_LIMITS": (
        "production",
        "limits on how often one may ask: in production alone, on or off",
    ),
    "CONSULT_OIDC_ISSUER": ("", "the issuer of the organisation's OpenID provider; empty for none"),
    "CONSULT_OIDC_CLIENT_ID": ("", "as the provider knows this service"),
    "CONSULT_OIDC_CLIENT_SECRET": ("", "the secret that belongs to it"),
    "CONSULT_OIDC_NAME": ("", "what people call the provider"),
    "CONSULT_OIDC_TWO_FACTORS": (
        "",
        "values of acr or amr that stand for two factors, with commas",
    ),
    "CONSULT_SCANNER": (
        "",
        "a command that gets each file on its standard input: 0 is clean, 1 refused; empty: none",
    ),
    "CONSULT_SCANNER_SECONDS": ("60", "seconds that it may take for one file, 1 to 240"),
    "CONSULT_THREADS": ("8", "threads of `consult serve`, 1 to 64"),
}


class _Reader:
    """Reads variables and gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def text(self, name: str) -> str:
        return self.environ.get(name, VARIABLES[name][0]).strip()

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in self.text(name).split(",") if word.strip())

    def command(self, name: str) -> tuple[str, ...]:
        try:
            return tuple(shlex.split(self.text(name)))
        except ValueError:
            self.faults.append(f"{name} is {self.text(name)!r}; a quotation mark is not closed")
            return ()

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name)
        if value not in allowed:
            self.faults.append(f"{name} is {value!r}; it must be one of {', '.join(allowed)}")
            return allowed[0]
        return value

    def whole(self, name: str, least: int, most: int) -> int:
        value = self.text(name)
        if not (value.isascii() and value.isdecimal()) or not least <= int(value) <= most:
            self.faults.append(f"{name} is {value!r}; it must be a whole number, {least} to {most}")
            return int(VARIABLES[name][0])
        return int(value)


def load(environ: Mapping[str, str]) -> Settings:
    """Return the settings that *environ* describes; what is unset suits one laptop.

    Raises:
        SettingsError: With one line for each fault.
    """
    read = _Reader(environ)
    settings = Settings(
        profile=read.one_of("CONSULT_ENV", _PROFILES),
        database=_database(read.text("CONSULT_DATABASE_URL")),
        secret=read.text("CONSULT_SECRET_KEY"),
        secret_fallbacks=read.words("CONSULT_SECRET_KEY_FALLBACKS"),
        public_url=_public_url(read),
        host=read.text("CONSULT_HOST"),
        port=read.whole("CONSULT_PORT", 1, 65535),
        hosts=read.words("CONSULT_ALLOWED_HOSTS"),
        hops=read.whole("CONSULT_TRUSTED_HOPS", 0, 5),
        instance=Path(read.text("CONSULT_INSTANCE")).absolute(),
        keys=_keys(read),
        mail=read.one_of("CONSULT_MAIL", ("maildir", "smtp")),
        mail_server=read.text("CONSULT_MAIL_SERVER"),
        mail_port=read.whole("CONSULT_MAIL_PORT", 1, 65535),
        mail_tls=read.one_of("CONSULT_MAIL_TLS", ("starttls", "tls", "none")),
        mail_username=read.text("CONSULT_MAIL_USERNAME"),
        mail_password=read.text("CONSULT_MAIL_PASSWORD"),
        mail_timeout=read.whole("CONSULT_MAIL_TIMEOUT", 1, 240),
        mail_sender=_sender(read),
        settling=timedelta(seconds=read.whole("CONSULT_SETTLING_SECONDS", 120, 3600)),
        password_memory=read.whole("CONSULT_PASSWORD_MEMORY", 19456, 1048576),
        keep_people=read.whole("CONSULT_KEEP_PEOPLE_YEARS", 1, 100),
        focal_point_factors=read.whole("CONSULT_FOCAL_POINT_FACTORS", 1, 2),
        limits=_limits(read),
        oidc_issuer=_issuer(read),
        oidc_client_id=read.text("CONSULT_OIDC_CLIENT_ID"),
        oidc_client_secret=read.text("CONSULT_OIDC_CLIENT_SECRET"),
        oidc_name=read.text("CONSULT_OIDC_NAME"),
        oidc_two_factors=read.words("CONSULT_OIDC_TWO_FACTORS"),
        scanner=read.command("CONSULT_SCANNER"),
        scanner_seconds=read.whole("CONSULT_SCANNER_SECONDS", 1, 240),
        threads=read.whole("CONSULT_THREADS", 1, 64),
    )
    read.faults += _of_profile(settings, read)
    if read.faults:
        raise SettingsError("\n".join(read.faults))
    return settings


def _of_profile(settings: Settings, read: _Reader) -> list[str]:
    if not settings.production:
        return _of_demo(settings)
    faults = [
        f"{name} must be set when CONSULT_ENV=production"
        for name in ("CONSULT_DATABASE_URL", "CONSULT_PUBLIC_URL", "CONSULT_MAIL_SENDER")
        if not read.environ.get(name, "").strip()
    ]
    if len(settings.secret) < _LEAST_SECRET:
        faults.append(
            "CONSULT_SECRET_KEY must be at least 32 random characters in production; "
            'python3 -c "import secrets; print(secrets.token_urlsafe(32))" makes one'
        )
    if not settings.secure:
        faults.append("CONSULT_PUBLIC_URL must begin with https:// in production")
    if not settings.limits:
        faults.append("CONSULT_LIMITS must not be off in production")
    if read.environ.get("FLASK_DEBUG", "0") not in ("", "0", "false"):
        faults.append("FLASK_DEBUG must not be set in production")
    return faults


def _of_demo(settings: Settings) -> list[str]:
    faults = []
    if settings.host not in LOOPBACK:
        faults.append(
            f"CONSULT_HOST is {settings.host!r}; the demo listens on loopback only: "
            "127.0.0.1, ::1 or localhost"
        )
    if urlsplit(settings.public_url).hostname not in LOOPBACK:
        faults.append("CONSULT_PUBLIC_URL must name a loopback host in the demo")
    return faults


def _limits(read: _Reader) -> bool:
    said = read.one_of("CONSULT_LIMITS", ("production", "on", "off"))
    return said == "on" or (said == "production" and read.text("CONSULT_ENV") == "production")


def _issuer(read: _Reader) -> str:
    """Return the issuer exactly as the provider writes it: it is compared as it stands."""
    issuer = read.text("CONSULT_OIDC_ISSUER")
    if not issuer:
        return ""
    parts = urlsplit(issuer)
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or plain):
        read.faults.append(f"CONSULT_OIDC_ISSUER is {issuer!r}; it must begin with https://")
    if not read.text("CONSULT_OIDC_CLIENT_ID"):
        read.faults.append("CONSULT_OIDC_CLIENT_ID must be set where CONSULT_OIDC_ISSUER is")
    return issuer


def _database(url: str) -> str:
    """Many hosting panels write postgres://, which SQLAlchemy does not know."""
    return (
        "postgresql://" + url.removeprefix("postgres://") if url.startswith("postgres://") else url
    )


def _public_url(read: _Reader) -> str:
    url = read.text("CONSULT_PUBLIC_URL").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        read.faults.append(
            f"CONSULT_PUBLIC_URL is {url!r}; it must be like https://consult.example.org"
        )
        return VARIABLES["CONSULT_PUBLIC_URL"][0]
    if url == VARIABLES["CONSULT_PUBLIC_URL"][0] and read.text("CONSULT_PORT").isdecimal():
        return f"http://127.0.0.1:{read.text('CONSULT_PORT')}"
    return url


def _keys(read: _Reader) -> Path:
    named = read.text("CONSULT_KEYS")
    return Path(named or read.text("CONSULT_INSTANCE") + "/keys").absolute()


def _sender(read: _Reader) -> str:
    address = read.text("CONSULT_MAIL_SENDER")
    local, _, domain = address.rpartition("@")
    if not local or not domain or not address.isprintable() or " " in address:
        read.faults.append(f"CONSULT_MAIL_SENDER is {address!r}; it must be an e-mail address")
    return address
