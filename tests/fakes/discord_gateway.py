"""The gateway: sessions, their dispatches numbered and kept for those who resume, and what goes wrong with sockets.

Rules: Discord's documentation, events/gateway, topics/opcodes-and-status-codes (opcodes, close codes).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.fakes.discord_payloads import to_guild, to_user
from tests.fakes.discord_refusals import Json
from tests.fakes.discord_waiting import Changes
from tests.fakes.discord_world import Channel, Guild, World

GUILDS, GUILD_MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = GUILD_MEMBERS | PRESENCES | MESSAGE_CONTENT
ALL_INTENTS = (1 << 26) - 1

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME, RECONNECT, MEMBERS = 0, 1, 2, 3, 4, 6, 7, 8
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11

MOST_PAYLOAD = 4096  # bytes, events/gateway#sending-events
HEARTBEAT_INTERVAL = 41_250  # milliseconds

Build = Callable[[int], Json]  # from the intents of a session to the data of an event


@dataclass(eq=False)
class Connection:
    """One open socket; what is sent through it is queued, so that telling a story needs no waiting."""

    request: web.Request
    socket: web.WebSocketResponse
    queue: asyncio.Queue[Json | int] = field(default_factory=asyncio.Queue)
    session: Session | None = None
    heartbeats: int = 0
    closed_by_server: int | None = None

    def send(self, op: int, data: object = None, **more: object) -> None:
        """Send a payload after those before it."""
        self.queue.put_nowait({"op": op, "d": data, "s": None, "t": None} | more)

    def close(self, code: int) -> None:
        """Close the socket with a code, after what was sent before."""
        self.closed_by_server = code
        self.queue.put_nowait(code)

    def cut(self) -> None:
        """Cut the line without a word."""
        if self.request.transport:
            self.request.transport.abort()

    async def write(self) -> None:
        """Write what is queued until the socket closes or the line is cut."""
        with contextlib.suppress(ConnectionError):
            while not self.socket.closed:
                payload = await self.queue.get()
                if isinstance(payload, int):
                    await self.socket.close(code=payload)
                elif not self.socket.closed:
                    await self.socket.send_str(json.dumps(payload))


@dataclass(eq=False, repr=False)
class Session:
    """A client's session: it outlives its sockets until the client or Discord ends it."""

    identify: Json
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sent: list[Json] = field(default_factory=list)
    connection: Connection | None = None
    presence: Json | None = None
    resumes: int = 0

    @property
    def intents(self) -> int:
        """The intents that it asked for."""
        return int(self.identify["intents"])

    @property
    def shard(self) -> tuple[int, int]:
        """Its shard's number, and how many there are."""
        number, count = self.identify.get("shard") or (0, 1)
        return number, count

    def serves(self, place: Guild | Channel | None) -> bool:
        """Whether what happens in a place is told to this session; private things are told to shard 0."""
        guild = place.guild if isinstance(place, Channel) else place
        number, count = self.shard
        return number == ((guild.id >> 22) % count if guild else 0)

    def dispatch(self, event: str, data: Json) -> None:
        """Tell an event, or keep it until the client resumes."""
        payload = {"op": DISPATCH, "t": event, "s": len(self.sent) + 1, "d": data}
        self.sent.append(payload)
        if self.connection:
            self.connection.queue.put_nowait(payload)


class Gateway:
    """Where clients hear of what happens."""

    def __init__(self, world: World, changes: Changes, token: str) -> None:
        self._world = world
        self._changes = changes
        self._token = token
        self.url = ""
        self.granted_intents = 0  # the privileged ones that the application has been granted
        self.shards = 1  # what GET /gateway/bot recommends
        self.sessions: list[Session] = []
        self.connections: list[Connection] = []
        self.identifies: list[Json] = []
        self.close_codes: list[int | None] = []  # how sockets were closed, in order
        self.acknowledges = True
        self._refusals = 0

    @property
    def live(self) -> list[Session]:
        """The sessions with a socket open."""
        return [session for session in self.sessions if session.connection]

    def dispatch(self, event: str, data: Json | Build, place: Guild | Channel | None, intent: int = 0) -> None:
        """Tell an event to each session that serves the place and has asked for an intent."""
        for session in self.sessions:
            if session.serves(place) and session.intents & intent == intent:
                session.dispatch(event, data(session.intents) if callable(data) else data)
        self._changes.tell()

    def repeat(self, event: str) -> None:
        """Tell the last event of a name once more, as Discord may."""
        for session in self.sessions:
            told = [payload for payload in session.sent if payload["t"] == event]
            assert told, f"no {event} has been told"
            session.dispatch(event, told[-1]["d"])

    def reconnect(self) -> None:
        """Ask every client to reconnect and resume (op 7)."""
        for connection in self.connections:
            connection.send(RECONNECT)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is invalid (op 9)."""
        for session in self.live:
            assert session.connection
            session.connection.send(INVALID_SESSION, resumable)
            if not resumable:
                self._end(session)

    def cut(self) -> None:
        """Cut every socket."""
        for connection in list(self.connections):
            connection.cut()

    def close(self, code: int) -> None:
        """Close every socket with a code."""
        for connection in self.connections:
            connection.close(code)

    def refuse(self, times: int = 1) -> None:
        """Answer the next attempts to connect with 503."""
        self._refusals = times

    async def heard(self) -> None:
        """Wait until every client has taken in what it was told: it answers a request for a heartbeat (op 1)."""
        awaited = [(connection, connection.heartbeats) for connection in self.connections]
        for connection, _ in awaited:
            connection.send(HEARTBEAT)
        await self._changes.wait_for(
            lambda: all(one.heartbeats > before or one not in self.connections for one, before in awaited), "heartbeats"
        )

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket until it closes."""
        if self._refusals:
            self._refusals -= 1
            self._changes.tell()
            return web.Response(status=503, text="upstream connect error")
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self.connections.append(connection)
        writer = asyncio.ensure_future(connection.write())
        connection.send(HELLO, {"heartbeat_interval": HEARTBEAT_INTERVAL, "_trace": []})
        if request.query.get("v") != "10":
            connection.close(4012)
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._take(connection, message.data)
                    self._changes.tell()
        finally:
            writer.cancel()
            self._disconnect(connection)
        return socket

    def _disconnect(self, connection: Connection) -> None:
        self.connections.remove(connection)
        code = connection.closed_by_server or connection.socket.close_code
        self.close_codes.append(code)
        if (session := connection.session) and session.connection is connection:
            session.connection = None
            # A client that leaves with one of these ends its session: gateway#initiating-a-disconnect.
            if code in (1000, 1001) and not connection.closed_by_server:
                self._end(session)
        self._changes.tell()

    def _end(self, session: Session) -> None:
        if session in self.sessions:
            self.sessions.remove(session)
        session.connection = None

    def _take(self, connection: Connection, text: str) -> None:
        """Take a payload from a client."""
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
        except (ValueError, TypeError, KeyError):
            connection.close(4002)
            return
        if len(text.encode()) > MOST_PAYLOAD:
            connection.close(4002)
        elif op == HEARTBEAT:
            connection.heartbeats += 1
            if self.acknowledges:
                connection.send(HEARTBEAT_ACK)
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif connection.session is None:
            connection.close(4003)
        elif op == PRESENCE:
            connection.session.presence = data
        elif op not in (VOICE_STATE, MEMBERS):
            connection.close(4001)

    def _identify(self, connection: Connection, data: Json) -> None:
        if code := self._fault_in(connection, data):
            connection.close(code)
            return
        self.identifies.append(data)
        session = Session(data, connection=connection, presence=data.get("presence"))
        connection.session = session
        self.sessions.append(session)
        guilds = [one for one in self._world.guilds.values() if one.has_bot and session.serves(one)]
        ready = {
            "v": 10,
            "user": to_user(self._world.bot) | {"verified": True, "mfa_enabled": True, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(self._world.application_id), "flags": 0},
            "private_channels": [],
        }
        session.dispatch("READY", ready)
        for guild in guilds:
            if session.intents & GUILDS and guild.is_available:
                session.dispatch("GUILD_CREATE", to_guild(self._world, guild) | {"unavailable": False})

    def _fault_in(self, connection: Connection, data: Json) -> int | None:
        """Give the code to close a socket with for a bad IDENTIFY."""
        number, count = data.get("shard") or (0, 1)
        intents = data.get("intents")
        if data.get("token") != self._token:
            return 4004
        if connection.session:
            return 4005
        if not 0 <= number < count:
            return 4010
        if not isinstance(intents, int) or intents & ~ALL_INTENTS:
            return 4013
        return 4014 if intents & PRIVILEGED & ~self.granted_intents else None

    def _resume(self, connection: Connection, data: Json) -> None:
        if data.get("token") != self._token:
            connection.close(4004)
            return
        session = next((one for one in self.sessions if one.id == data.get("session_id")), None)
        if session is None:
            connection.send(INVALID_SESSION, False)
            return
        missed = data.get("seq") or 0
        if missed > len(session.sent):
            connection.close(4007)
            return
        if session.connection:
            session.connection.close(4000)
        connection.session, session.connection = session, connection
        session.resumes += 1
        for payload in session.sent[missed:]:
            connection.queue.put_nowait(payload)
        session.dispatch("RESUMED", {"_trace": []})
