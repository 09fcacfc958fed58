"""The commands told to Discord, once, when they have changed (ANCHORS row 1: never in on_ready)."""

from __future__ import annotations

import hashlib
import json
import logging

import discord
from discord import app_commands

from bot.delivery import Memory, open_database
from bot.errors import StoreError

FACT = "discord:commands"
"""What the store calls the hash of the commands told, by application."""

log = logging.getLogger(__name__)


async def sync_commands(tree: app_commands.CommandTree[discord.AutoShardedClient], memory: Memory) -> bool:
    """Tell Discord the commands where they are not what was told last; say whether they were told."""
    fact = f"{FACT}:{tree.client.application_id}"
    digest = await hash_commands(tree)
    try:
        if await memory.recall(fact) == digest:
            return False
        await tree.sync()
        await memory.note(fact, digest)
    except (discord.HTTPException, discord.RateLimited, StoreError) as error:
        # the commands told before go on working, and the next start tries again
        log.error("the commands were not told to Discord: %s", error)  # noqa: TRY400 - the sentence says it all
        return False
    log.info("told Discord the commands")
    return True


async def forget_told(database_url: str, application_id: int) -> None:
    """Let the next start tell Discord the commands, changed or not: another program may have told it others.

    Raises StoreError.
    """
    async with open_database(database_url) as database:
        await Memory(database).note(f"{FACT}:{application_id}", "")


async def hash_commands(tree: app_commands.CommandTree[discord.AutoShardedClient]) -> str:
    """Hash all that Discord is told of the commands."""
    payload = []
    for kind in (discord.AppCommandType.chat_input, discord.AppCommandType.message):
        for command in tree.get_commands(type=kind):
            translator = tree.translator
            told = await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)
            payload.append(told)
    return hashlib.sha256(json.dumps(payload, sort_keys=True, default=str).encode()).hexdigest()
