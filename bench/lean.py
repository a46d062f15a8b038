"""A load client that costs little: raw HTTP/1.1 over asyncio, so that on two shared cores the server is what is measured.

Also reads HTML forms the way a browser without JavaScript would, so that one client serves every product.
"""

import asyncio
import time
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit


class Connection(asyncio.Protocol):
    """One kept connection, one request at a time."""

    def __init__(self):
        self.transport = self.waiter = None
        self.buffer = bytearray()
        self.alive = False

    def connection_made(self, transport):
        self.transport, self.alive = transport, True

    def connection_lost(self, exc):
        self.alive = False
        if self.waiter and not self.waiter.done():
            self.waiter.set_exception(ConnectionError("closed by server"))

    def data_received(self, data):
        self.buffer += data
        if not self.waiter or self.waiter.done():
            return
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        lines = bytes(self.buffer[:head]).split(b"\r\n")
        headers = [tuple(part.strip() for part in line.split(b":", 1)) for line in lines[1:]]
        status = int(lines[0][9:12])
        fields = {k.lower(): v for k, v in headers}
        if status in (204, 304):
            body, end = b"", head + 4
        elif b"content-length" in fields:
            end = head + 4 + int(fields[b"content-length"])
            if len(self.buffer) < end:
                return
            body = bytes(self.buffer[head + 4 : end])
        elif fields.get(b"transfer-encoding") == b"chunked":
            body, at = bytearray(), head + 4
            while True:
                line = self.buffer.find(b"\r\n", at)
                if line < 0:
                    return
                size = int(self.buffer[at:line], 16)
                if len(self.buffer) < line + 2 + size + 2:
                    return
                body += self.buffer[line + 2 : line + 2 + size]
                at = line + 2 + size + 2
                if not size:
                    break
            end = at
        else:
            end, body = len(self.buffer), bytes(self.buffer[head + 4 :])
        del self.buffer[:end]
        if fields.get(b"connection", b"").lower() == b"close":
            self.alive = False
            self.transport.close()
        self.waiter.set_result((status, headers, body))

    async def send(self, raw: bytes):
        self.waiter = asyncio.get_running_loop().create_future()
        self.transport.write(raw)
        return await self.waiter


class Client:
    """A pool of kept connections to one loopback port, shared by all members as a front server would share them."""

    def __init__(self, port: int, size: int, host: str | None = None, timeout: float = 60):
        self.port, self.host, self.timeout = port, host or f"127.0.0.1:{port}", timeout
        self.idle = asyncio.LifoQueue()
        for _ in range(size):
            self.idle.put_nowait(None)

    async def open(self) -> Connection:
        _, connection = await asyncio.get_running_loop().create_connection(
            Connection, "127.0.0.1", self.port
        )
        return connection

    async def fetch(self, raw: bytes):
        """(status, headers, body); reopens a connection the server has let go *before* sending, never resends after."""
        connection = await self.idle.get()
        try:
            if connection is None or not connection.alive:
                connection = await self.open()
            return await asyncio.wait_for(connection.send(raw), self.timeout)
        finally:
            self.idle.put_nowait(connection if connection and connection.alive else None)

    def raw(
        self, method: str, path: str, cookies: dict | None = None, fields=None, headers=()
    ) -> bytes:
        body = urlencode(fields, doseq=True).encode() if fields is not None else b""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", *headers]
        if cookies:
            lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in cookies.items()))
        if fields is not None:
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
                f"Referer: http://{self.host}{path}",
            ]
        return "\r\n".join([*lines, "", ""]).encode() + body

    async def close(self):
        while not self.idle.empty():
            connection = self.idle.get_nowait()
            if connection and connection.transport:
                connection.transport.close()


class Visit(Client):
    """One member's own connection, as its browser has it: opened for it, kept for its requests, closed after it.

    The default way. With a shared pool, a gthread worker that was quick to accept keeps most of the connections for ever and the
    other one idles, which says more of the pool than of the product.
    """

    def __init__(self, client: Client):
        self.port, self.host, self.timeout, self.connection = (
            client.port,
            client.host,
            client.timeout,
            None,
        )

    async def fetch(self, raw: bytes):
        if self.connection is None or not self.connection.alive:
            self.connection = await self.open()
        return await asyncio.wait_for(self.connection.send(raw), self.timeout)

    async def close(self):
        if self.connection:
            self.connection.transport.close()


def cookies_of(headers) -> dict:
    """The cookies a response sets."""
    out = {}
    for name, value in headers:
        if name.lower() == b"set-cookie":
            key, _, rest = value.decode("latin-1").partition("=")
            out[key] = rest.split(";", 1)[0]
    return out


class Forms(HTMLParser):
    """Every form of a page: {"action", "method", "fields": {name: value}, "radios": {name: [values]}}."""

    def __init__(self, html: str):
        super().__init__()
        self.forms, self._area = [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "form":
            self.forms.append(
                {
                    "action": a.get("action") or "",
                    "method": (a.get("method") or "get").lower(),
                    "fields": {},
                    "radios": {},
                }
            )
        if not self.forms or "name" not in a:
            return
        form = self.forms[-1]
        if tag == "input" and a.get("type") == "radio":
            form["radios"].setdefault(a["name"], []).append(a.get("value", "on"))
        elif tag == "input" and a.get("type") in ("checkbox", "submit", "button", "file"):
            if a.get("type") == "checkbox" and "checked" in a:
                form["fields"][a["name"]] = a.get("value", "on")
        elif tag in ("input", "textarea"):
            form["fields"].setdefault(a["name"], a.get("value") or "")


def ballot(html: str, page: str, prefer=("approve", "accept", "yes")) -> tuple[str, dict]:
    """(path, fields) of the page's form with radio groups, the first preferred choice taken in each."""
    form = max(
        (f for f in Forms(html).forms if f["method"] == "post"), key=lambda f: len(f["radios"])
    )
    fields = dict(form["fields"])
    for name, values in form["radios"].items():
        fields[name] = next((p for p in prefer if p in values), values[0])
    target = urlsplit(urljoin("http://x" + page, form["action"]))
    return target.path + (f"?{target.query}" if target.query else ""), fields


def now() -> float:
    return time.perf_counter()
