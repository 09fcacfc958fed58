"""A Discord on the loopback: REST and gateway for the real discord.py, judged as Discord judges, and people to use it.

    async with discord_server() as server:
        guild = server.add_guild("Readers")
        ada = server.add_user("Ada", home=server.add_channel(guild, "general"))
        with redirected(server):
            ...                                   # start the real client with server.token
            message = await ada.slash("ilya", {"query": "scaling laws"})
            assert message.pings == []

By hand: `python -m tests.fakes.discord_server --port 8080`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeVar

import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord_faults import Call, Faults
from tests.fakes.discord_gateway import GUILDS, Gateway
from tests.fakes.discord_interactions import Desk, Interaction
from tests.fakes.discord_payloads import to_channel, to_guild, to_role
from tests.fakes.discord_people import Person
from tests.fakes.discord_posts import Posts
from tests.fakes.discord_refusals import Json
from tests.fakes.discord_rest import MOST_REQUEST, PREFIX, Rest
from tests.fakes.discord_waiting import Changes
from tests.fakes.discord_world import GROUP_DM, MEMBER, THREAD, Channel, Guild, Message, User, World

TOKEN = "token-of-the-fake-discord"  # noqa: S105 -- opens nothing but the fake

T = TypeVar("T")


class FakeDiscord:
    """One Discord, with one application on it."""

    def __init__(self, *, token: str = TOKEN, bot_name: str = "Ilya Bot") -> None:
        self.token = token
        self.changes = Changes()
        self.world = World(bot_name)
        self.gateway = Gateway(self.world, self.changes, token)
        self.posts = Posts(self.world, self.gateway, self.changes)
        self.desk = Desk(self.world, self.gateway, self.posts, self.changes)
        self.faults = Faults(self.changes)
        self.fail, self.hold = self.faults.fail, self.faults.hold
        self.requests: list[Call] = []
        self.owner = self.add_user("Owner")
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self.port = 0

    @property
    def bot(self) -> User:
        """The bot's own account."""
        return self.world.bot

    @property
    def url(self) -> str:
        """Where REST is: for `Route.BASE` and DISCORD_API_URL."""
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    @property
    def commands(self) -> list[Json]:
        """The commands registered everywhere."""
        return self.world.commands[None]

    @property
    def messages(self) -> list[Message]:
        """Every message that the bot has made and that still stands, in order."""
        return [one for one in self.world.messages if one.author is self.bot and not one.is_deleted]

    @property
    def interactions(self) -> list[Interaction]:
        """Everything asked of the bot, in order."""
        return self.desk.interactions

    @property
    def refusals(self) -> list[Call]:
        """The requests that were refused for what they were, in order; faults on demand are not among them."""
        return [call for call in self.requests if (call.status or 0) >= 400 and not call.is_injected]

    def asked(self, method: str, pattern: str) -> list[Call]:
        """Give the requests of a method (`*`: any) to paths like `/channels/*/messages`, in order."""
        return [call for call in self.requests if call.matches(method, pattern)]

    async def wait_for(self, look: Callable[[], T | None], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """Give the first true value of `look`, tried at every request and frame; fail after `timeout` seconds."""

        def tell() -> str:
            seen = [f"{call.method} {call.path} {call.status}" for call in self.requests[-10:]]
            return f"what the test waits for; the last requests were {seen}"

        return await self.changes.wait_for(look, tell, timeout)

    async def online(self, sessions: int = 1) -> None:
        """Wait until a number of sessions (one a shard) are connected."""
        await self.wait_for(lambda: len(self.gateway.live) >= sessions)

    # What is there

    def add_user(
        self,
        name: str,
        *,
        home: Channel | None = None,
        locale: str = "en-US",
        permissions: int | None = None,
        has_installed: bool = False,
        takes_dms: bool = True,
    ) -> Person:
        """Add somebody, as a member of his home's server with permissions there if a home is given."""
        facts = {"takes_dms": takes_dms, "locale": locale, "home": home, "has_installed": has_installed}
        person = Person(self.world.new_id(), name, server=self, **facts)  # type: ignore[arg-type]
        self.world.users[person.id] = person
        if home and home.guild:
            self.add_member(home.guild, person, MEMBER if permissions is None else permissions)
        return person

    def add_guild(
        self,
        name: str,
        *,
        bot_permissions: int = MEMBER,
        has_bot: bool = True,
        locale: str = "en-US",
        guild_id: int = 0,
    ) -> Guild:
        """Add a server, without the bot if it is only installed by users; a client that is connected has joined it."""
        guild = Guild(guild_id or self.world.new_id(), name, bot_permissions, has_bot, locale)
        self.world.guilds[guild.id] = guild
        if has_bot:
            self.gateway.dispatch("GUILD_CREATE", to_guild(self.world, guild), guild, GUILDS)
        return guild

    def add_channel(
        self, guild: Guild, name: str, *, bot_permissions: int | None = None, system: bool = False
    ) -> Channel:
        """Add a text channel; `system` makes it the one for a server's notices."""
        channel = self.world.add_channel(name, guild=guild, own_permissions=bot_permissions)
        if system:
            guild.system_channel = channel
        self._tell(channel, "CHANNEL_CREATE")
        if system and guild.has_bot:
            self.gateway.dispatch("GUILD_UPDATE", to_guild(self.world, guild), guild, GUILDS)
        return channel

    def add_thread(self, parent: Channel, name: str, *, archived: bool = False, locked: bool = False) -> Channel:
        """Add a public thread."""
        facts = {"kind": THREAD, "guild": parent.guild, "parent": parent}
        thread = self.world.add_channel(name, **facts, is_archived=archived, is_locked=locked)
        self._tell(thread, "THREAD_CREATE", newly_created=True)
        return thread

    def add_private_channel(self, *people: User) -> Channel:
        """Add a private channel that the bot is not in, where only commands installed by a user are."""
        return self.world.add_channel("", kind=GROUP_DM, people=people)

    def add_member(self, guild: Guild, user: User, permissions: int = MEMBER) -> None:
        """Make somebody a member, with a role that gives him his permissions."""
        guild.members[user.id] = permissions
        if permissions not in (MEMBER, *guild.roles):
            guild.roles[permissions] = self.world.new_id()
            role = to_role(guild.roles[permissions], f"r{permissions}", permissions)
            event = {"guild_id": str(guild.id), "role": role}
            self.gateway.dispatch("GUILD_ROLE_CREATE", event, guild, GUILDS)

    # What changes

    def allow(self, channel: Channel, bot_permissions: int) -> None:
        """Change what the bot may do in a channel."""
        channel.own_permissions = bot_permissions
        self._tell(channel, "CHANNEL_UPDATE")

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Put a thread to sleep, or shut it."""
        thread.is_archived, thread.is_locked = True, locked
        self._tell(thread, "THREAD_UPDATE")

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel or a thread."""
        channel.is_deleted = True
        self._tell(channel, "THREAD_DELETE" if channel.kind == THREAD else "CHANNEL_DELETE")

    def leave(self, guild: Guild) -> None:
        """Throw the bot out of a server."""
        guild.has_bot = False
        self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild, GUILDS)

    def join(self, guild: Guild) -> None:
        """Bring the bot into a server."""
        guild.has_bot = True
        self.gateway.dispatch("GUILD_CREATE", to_guild(self.world, guild), guild, GUILDS)

    def outage(self, guild: Guild) -> None:
        """Let a server be unavailable, which is told as GUILD_DELETE too but is no leaving."""
        guild.is_available = False
        self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild, GUILDS)

    def recover(self, guild: Guild) -> None:
        """End an outage."""
        guild.is_available = True
        back = to_guild(self.world, guild) | {"unavailable": False}
        self.gateway.dispatch("GUILD_CREATE", back, guild, GUILDS)

    def expire(self, interaction: Interaction) -> None:
        """Let time run out: for the first response (10062), or after it for the token (50027)."""
        interaction.is_expired = True

    def forget_nonces(self) -> None:
        """Let the few minutes pass in which a nonce is enforced."""
        self.world.nonces.clear()

    def _tell(self, channel: Channel, event: str, **more: object) -> None:
        if channel.guild and channel.guild.has_bot:
            self.gateway.dispatch(event, to_channel(self.world, channel) | more, channel, GUILDS)

    # The process

    async def start(self, port: int = 0) -> None:
        """Listen on the loopback."""
        app = web.Application(client_max_size=MOST_REQUEST)
        app.add_routes([web.get("/gateway", self.gateway.connect), *Rest(self).routes()])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await self._listen(port)

    async def stop(self) -> None:
        """Close everything."""
        self.faults.release_all()
        self.gateway.cut()
        if self._runner:
            await self._runner.cleanup()

    @contextlib.asynccontextmanager
    async def unreachable(self) -> AsyncIterator[None]:
        """Refuse every connection, and cut those there are, for a while."""
        assert self._runner
        assert self._runner.server
        assert self._site
        await self._site.stop()
        for connection in self._runner.server.connections:
            if connection.transport:
                connection.transport.abort()
        yield
        await self._listen(self.port)

    async def _listen(self, port: int) -> None:
        assert self._runner
        self._site = web.TCPSite(self._runner, "127.0.0.1", port)
        await self._site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = f"ws://127.0.0.1:{self.port}/gateway"


@contextlib.asynccontextmanager
async def discord_server(*, token: str = TOKEN, bot_name: str = "Ilya Bot") -> AsyncIterator[FakeDiscord]:
    """Run a fake Discord."""
    server = FakeDiscord(token=token, bot_name=bot_name)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@contextlib.contextmanager
def redirected(server: FakeDiscord) -> Iterator[None]:
    """Point discord.py to a fake, and back again."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.url, yarl.URL(server.gateway.url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


async def _serve(port: int) -> None:
    server = FakeDiscord()
    guild = server.add_guild("Readers")
    server.add_user("Ada", home=server.add_channel(guild, "general", system=True))
    await server.start(port)
    sys.stdout.write(f"DISCORD_API_URL={server.url}\nDISCORD_TOKEN={server.token}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Run a fake Discord on the loopback.")
    parser.add_argument("--port", type=int, default=0)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args().port))
