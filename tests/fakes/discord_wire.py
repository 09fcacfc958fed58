"""A fake Discord with bare requests to it, no client library between, and the payloads that tests send."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.fakes.discord_interactions import COMMAND, Interaction
from tests.fakes.discord_people import Person
from tests.fakes.discord_refusals import Json
from tests.fakes.discord_server import FakeDiscord, discord_server
from tests.fakes.discord_world import MEMBER, Channel

Answer = tuple[int, Any]
ORIGINAL = "/messages/@original"


@dataclass
class Wire:
    """A fake, a channel on it with somebody in it, and bare requests to it."""

    server: FakeDiscord
    session: aiohttp.ClientSession
    channel: Channel
    ada: Person

    async def ask(self, method: str, path: str, payload: object = None, token: str | None = None) -> Answer:
        headers = {"Authorization": f"Bot {token or self.server.token}"}
        async with self.session.request(method, self.server.url + path, json=payload, headers=headers) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def post(self, payload: Json, channel: Channel | None = None) -> Answer:
        return await self.ask("POST", f"/channels/{(channel or self.channel).id}/messages", payload)

    def interaction(self, kind: int = COMMAND, **facts: Any) -> Interaction:
        owners = facts.pop("owners", {"0": str(self.channel.guild and self.channel.guild.id)})
        return self.server.desk.ask(kind, self.ada, self.channel, {}, owners, permissions=MEMBER, **facts)

    async def respond(self, interaction: Interaction, kind: int, data: Json | None = None) -> Answer:
        path = f"/interactions/{interaction.id}/{interaction.token}/callback?with_response=1"
        return await self.ask("POST", path, {"type": kind} | ({} if data is None else {"data": data}))

    async def webhook(
        self, method: str, interaction: Interaction, rest: str = "", payload: Json | None = None
    ) -> Answer:
        app = self.server.world.application_id
        return await self.ask(method, f"/webhooks/{app}/{interaction.token}{rest}", payload)

    async def register(self, *commands: Json) -> Answer:
        return await self.ask("PUT", f"/applications/{self.server.world.application_id}/commands", list(commands))


@contextlib.asynccontextmanager
async def open_wire() -> AsyncIterator[Wire]:
    """Run a fake with one server, one channel and one person."""
    async with discord_server() as server, aiohttp.ClientSession() as session:
        channel = server.add_channel(server.add_guild("Readers"), "general")
        yield Wire(server, session, channel, server.add_user("Ada", home=channel))


def fault_at(errors: Json, place: str) -> list[str]:
    for step in place.split("."):
        errors = errors[step]
    return [fault["code"] for fault in errors["_errors"]]


def button(**facts: Any) -> Json:
    return {"type": 2, "style": 1, "label": "x", "custom_id": "x"} | facts


def row(*components: Json) -> Json:
    return {"type": 1, "components": list(components)}


def buttons(count: int) -> list[Json]:
    return [button(custom_id=str(number)) for number in range(count)]


def select(count: int, **facts: Any) -> Json:
    options = [{"label": f"x{number}", "value": f"{number}"} for number in range(count)]
    return {"type": 3, "custom_id": "s", "options": options} | facts


def link(url: str, **facts: Any) -> Json:
    return {"type": 2, "style": 5, "label": "x", "url": url} | facts


def embed(**facts: Any) -> Json:
    return {"embeds": [{"description": "x"} | facts]}


def fields(count: int, name: str = "x", value: str = "x") -> list[Json]:
    return [{"name": name, "value": value}] * count


def under(components: list[Json], flags: int = 0) -> Json:
    return {"content": "" if flags else "x", "components": components, "flags": flags}
