"""The commands told to Discord, once, when they have changed (ANCHORS row 1: never in on_ready)."""

from __future__ import annotations

import hashlib
import json
import logging

import discord
from discord import app_commands

from bot.delivery import Memory

log = logging.getLogger(__name__)


async def sync_commands(tree: app_commands.CommandTree[discord.AutoShardedClient], memory: Memory) -> bool:
    """Tell Discord the commands where they are not what was told last; say whether they were told."""
    fact = f"discord:commands:{tree.client.application_id}"
    digest = await hash_commands(tree)
    if await memory.recall(fact) == digest:
        return False
    try:
        await tree.sync()
    except discord.HTTPException as error:
        # the commands told before go on working, and the next start tries again
        log.error("Discord did not take the commands: %s", error)  # noqa: TRY400
        return False
    await memory.note(fact, digest)
    return True


async def hash_commands(tree: app_commands.CommandTree[discord.AutoShardedClient]) -> str:
    """Hash all that Discord is told of the commands."""
    payload = []
    for kind in (discord.AppCommandType.chat_input, discord.AppCommandType.message):
        for command in tree.get_commands(type=kind):
            translator = tree.translator
            told = await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)
            payload.append(told)
    return hashlib.sha256(json.dumps(payload, sort_keys=True, default=str).encode()).hexdigest()
