"""An OpenID provider for tests: discovery, keys, the code flow with PKCE; without a socket."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from requests.adapters import BaseAdapter
from werkzeug.test import Client

ISSUER = "https://login.example.org"
CLIENT = "consult"
ELSEWHERE = "https://elsewhere.example.com"


@dataclass
class Provider:
    """What it says of whom; a test bends it.

    Args:
        claims: Put over those of the token.
        signs_with: Another key than the one it publishes.
        down: Whether it cannot be reached.
        moved: A path of it that leads elsewhere.
        seen: The addresses that were asked for, each with how long an answer was waited for.
    """

    subject: str = "248289761001"
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    signs_with: RSAKey | None = None
    down: bool = False
    moved: str = ""
    seen: list[tuple[str, Any]] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    ends: str | None = f"{ISSUER}/end"

    def authorize(self, address: str) -> str:
        """Do what a person does there: sign in; return the query that the browser brings back."""
        query = {name: found[0] for name, found in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_hex(8)
        self.asked[code] = query
        return f"?code={code}&state={query['state']}"

    def app(self, now: Any) -> Flask:
        made = Flask("provider")

        @made.get("/.well-known/openid-configuration")
        def discovery() -> Any:
            ends = {"end_session_endpoint": self.ends} if self.ends else {}
            said = {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
            return jsonify({**said, **ends, **self.metadata})

        @made.get("/keys")
        def keys() -> Any:
            return jsonify(keys=[self.key.as_dict(private=False)])

        @made.post("/token")
        def token() -> Any:
            asked = self.asked.pop(request.form["code"], None)
            if asked is None or not _proves(asked, request.form["code_verifier"]):
                return jsonify(error="invalid_grant"), 400
            at = int(now().timestamp())
            claims = {
                "iss": ISSUER,
                "sub": self.subject,
                "aud": CLIENT,
                "iat": at,
                "exp": at + 300,
                "nonce": asked["nonce"],
                **self.claims,
            }
            signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.signs_with or self.key)
            return jsonify(access_token="a", token_type="Bearer", id_token=signed)  # noqa: S106

        return made


def _proves(asked: dict[str, str], verifier: str) -> bool:
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return asked["code_challenge_method"] == "S256" and asked["code_challenge"] == made


class _Adapter(BaseAdapter):
    """Carries a request to the provider's test client."""

    def __init__(self, provider: Provider, client: Client) -> None:
        super().__init__()
        self.provider, self.client = provider, client

    def send(self, sent: requests.PreparedRequest, **more: Any) -> requests.Response:  # type: ignore[override]
        self.provider.seen.append((str(sent.url), more.get("timeout")))
        if self.provider.down:
            raise requests.ConnectionError
        parts = urlsplit(str(sent.url))
        if parts.path == self.provider.moved:
            return _elsewhere(sent)
        answer = self.client.open(
            parts.path, method=str(sent.method), data=sent.body, headers=list(sent.headers.items())
        )
        made = requests.Response()
        made.status_code, made._content = answer.status_code, answer.data
        made.headers.update(answer.headers)
        made.url, made.request = str(sent.url), sent
        return made

    def close(self) -> None:
        """There is nothing to close."""


def _elsewhere(sent: requests.PreparedRequest) -> requests.Response:
    """Send on, with method and body, to an address that nobody set."""
    made = requests.Response()
    made.status_code, made._content = 307, b""
    made.headers["Location"] = f"{ELSEWHERE}/keys"
    made.url, made.request = str(sent.url), sent
    return made


def mount(monkeypatch: Any, provider: Provider, now: Any) -> None:
    """Let every session of the library reach *provider*, and nothing else."""
    client = provider.app(now).test_client()
    real = OAuth2Session.__init__

    def begin(self: OAuth2Session, *given: Any, **named: Any) -> None:
        real(self, *given, **named)
        self.mount("https://", _Adapter(provider, client))
        self.mount("http://", _Adapter(provider, client))

    monkeypatch.setattr(OAuth2Session, "__init__", begin)
