"""Slack's side of HTTP mode: requests to the bot's server, signed as Slack signs them, or wrongly on purpose.

Everything that carries an envelope has one shape, `Envelope -> Ack`, so any of it can stand in for the honest delivery.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp

Kind = Literal["slash_commands", "events_api", "interactive"]
STALE = 600  # seconds; Slack's own advice is to refuse what is older than 300

SIGNING_HEADERS = ("X-Slack-Request-Timestamp", "X-Slack-Signature")
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Retry:
    """That a delivery is not the first, and why Slack repeats it."""

    attempt: int = 1
    reason: str = "http_timeout"


@dataclass(frozen=True)
class Envelope:
    """What is delivered to the bot, whichever way it goes."""

    kind: Kind
    payload: dict[str, Any]
    retry: Retry | None = None


@dataclass(frozen=True)
class Ack:
    """How the bot acknowledged a delivery, and how long it took in seconds."""

    status: int
    body: Any = None  # JSON where it was JSON, else the text; None where empty
    seconds: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Tell whether Slack counts this as an acknowledgement."""
        return 200 <= self.status < 300


Deliver = Callable[[Envelope], Awaitable[Ack]]


@dataclass(frozen=True)
class SignedRequest:
    """A request to the bot, byte for byte."""

    body: bytes
    headers: dict[str, str]


def encode(envelope: Envelope) -> tuple[bytes, str]:
    """Give an envelope's body and content type as Slack sends them."""
    if envelope.kind == "events_api":
        return json.dumps(envelope.payload).encode(), JSON
    if envelope.kind == "interactive":
        return urlencode({"payload": json.dumps(envelope.payload)}).encode(), FORM
    return urlencode(envelope.payload).encode(), FORM


def sign(body: bytes, secret: str, timestamp: str) -> dict[str, str]:
    """Give the headers by which the bot knows Slack (docs.slack.dev, "Verifying requests from Slack")."""
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return dict(zip(SIGNING_HEADERS, (timestamp, f"v0={digest}"), strict=True))


class SlackClient:
    """Sends to one URL of the bot."""

    def __init__(self, url: str, signing_secret: str) -> None:
        self.url = url
        self.signing_secret = signing_secret
        self.sent: dict[int, SignedRequest] = {}  # by id() of the payload, which a replayed envelope shares
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, envelope: Envelope) -> Ack:
        """Deliver an envelope as Slack does."""
        return await self._send_envelope(envelope)

    async def forged(self, envelope: Envelope) -> Ack:
        """Deliver an envelope signed with another secret."""
        return await self._send_envelope(envelope, secret="not-the-signing-secret")  # noqa: S106

    async def tampered(self, envelope: Envelope) -> Ack:
        """Deliver an envelope whose body was changed after it was signed."""
        honest = self.signed(*encode(envelope))
        return await self.send(SignedRequest(honest.body + b" ", honest.headers))

    async def stale(self, envelope: Envelope) -> Ack:
        """Deliver an envelope signed honestly, ten minutes ago."""
        return await self._send_envelope(envelope, timestamp=str(int(time.time()) - STALE))

    async def early(self, envelope: Envelope) -> Ack:
        """Deliver an envelope signed honestly, ten minutes from now."""
        return await self._send_envelope(envelope, timestamp=str(int(time.time()) + STALE))

    async def timeless(self, envelope: Envelope) -> Ack:
        """Deliver an envelope whose time stamp, honestly signed, is no number."""
        return await self._send_envelope(envelope, timestamp="yesterday")

    async def unsigned(self, envelope: Envelope, missing: tuple[str, ...] = SIGNING_HEADERS) -> Ack:
        """Deliver an envelope without its signature and time stamp, or without one of them."""
        honest = self.signed(*encode(envelope))
        kept = {name: value for name, value in honest.headers.items() if name not in missing}
        return await self.send(SignedRequest(honest.body, kept))

    async def undated(self, envelope: Envelope) -> Ack:
        """Deliver an envelope with a signature but no time stamp."""
        return await self.unsigned(envelope, SIGNING_HEADERS[:1])

    async def replay(self, envelope: Envelope) -> Ack:
        """Send the identical bytes and headers of this envelope's last delivery again."""
        return await self.send(self.sent[id(envelope.payload)])

    async def malformed(self, envelope: Envelope) -> Ack:
        """Deliver an envelope cut in half, signed honestly."""
        body, content_type = encode(envelope)
        return await self.send(self.signed(body[: len(body) // 2], content_type))

    async def malformed_unsigned(self, envelope: Envelope) -> Ack:
        """Deliver an envelope cut in half and not signed."""
        body, content_type = encode(envelope)
        return await self.send(SignedRequest(body[: len(body) // 2], {"Content-Type": content_type}))

    async def huge(self, size: int = 5_000_000) -> Ack:
        """Send a signed body of `size` bytes."""
        return await self.send(self.signed(b'{"type": "' + b"x" * (size - 12) + b'"}', JSON))

    async def verify_url(self, challenge: str = "a-challenge") -> Ack:
        """Ask the bot to echo a challenge, as Slack does when its URL is entered."""
        body = {"type": "url_verification", "token": "fake", "challenge": challenge}
        return await self.send(self.signed(json.dumps(body).encode(), JSON))

    async def check_ssl(self) -> Ack:
        """Probe the bot's certificate, as Slack does from time to time; such probes are not signed."""
        return await self.send(SignedRequest(b"ssl_check=1&token=fake", {"Content-Type": FORM}))

    def signed(
        self, body: bytes, content_type: str, *, timestamp: str | None = None, secret: str | None = None
    ) -> SignedRequest:
        """Give a request signed now with the bot's secret, or otherwise as told."""
        stamp = str(int(time.time())) if timestamp is None else timestamp
        headers = sign(body, self.signing_secret if secret is None else secret, stamp)
        return SignedRequest(body, {"Content-Type": content_type, **headers})

    async def send(self, request: SignedRequest) -> Ack:
        """Send a request as it is and give the bot's answer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
            )
        began = time.perf_counter()
        async with self._session.post(
            self.url, data=io.BytesIO(request.body), headers=request.headers, allow_redirects=False
        ) as response:
            text = await response.text()
            taken = time.perf_counter() - began
            body: Any = text or None
            if text and response.content_type == JSON:
                body = json.loads(text)
            return Ack(response.status, body, taken, dict(response.headers))

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Ack:
        """Open a page of the bot (the install page, its OAuth return, /healthz) as a browser does."""
        async with (
            aiohttp.ClientSession() as browser,
            browser.get(url, headers=dict(headers or {}), allow_redirects=False) as response,
        ):
            return Ack(response.status, await response.text(), headers=dict(response.headers))

    async def install(self, install_url: str, callback_url: str, code: str) -> Ack:
        """Install the app as a person does: open its install page, agree, and come back with a code and the state."""
        page = await self.get(install_url)
        cookie = page.headers.get("Set-Cookie", "").partition(";")[0]
        state = cookie.partition("=")[2]
        return await self.get(f"{callback_url}?{urlencode({'code': code, 'state': state})}", {"Cookie": cookie})

    async def close(self) -> None:
        """Close the connections to the bot."""
        if self._session is not None:
            await self._session.close()

    async def _send_envelope(
        self, envelope: Envelope, *, timestamp: str | None = None, secret: str | None = None
    ) -> Ack:
        request = self.signed(*encode(envelope), timestamp=timestamp, secret=secret)
        if envelope.retry is not None:
            request.headers["X-Slack-Retry-Num"] = str(envelope.retry.attempt)
            request.headers["X-Slack-Retry-Reason"] = envelope.retry.reason
        self.sent[id(envelope.payload)] = request
        return await self.send(request)
