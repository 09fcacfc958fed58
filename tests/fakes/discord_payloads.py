"""The objects of Discord's API, as its documentation (resources/…) draws them, made from what the fake holds."""

from __future__ import annotations

from tests.fakes.discord_mentions import mentioned
from tests.fakes.discord_refusals import Json
from tests.fakes.discord_world import ALL, DM, GROUP_DM, MEMBER, THREAD, Channel, Guild, Message, User, World, timestamp


def to_user(user: User) -> Json:
    """Give a user object."""
    return {
        "id": str(user.id),
        "username": user.name.lower().replace(" ", "_"),
        "global_name": None if user.is_bot else user.name,
        "discriminator": "0001" if user.is_bot else "0",
        "avatar": None,
        "bot": user.is_bot,
        "public_flags": 0,
        "flags": 0,
    }


def to_member(guild: Guild, user: User, permissions: int | None = None) -> Json:
    """Give a member object, with the permissions it has inside an interaction if they are given."""
    own = guild.bot_permissions if user.is_bot else guild.members.get(user.id, MEMBER)
    return {
        "user": to_user(user),
        "nick": None,
        "roles": [str(guild.roles[own])] if own in guild.roles else [],
        "joined_at": timestamp(guild.id),
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
    } | ({} if permissions is None else {"permissions": str(permissions)})


def to_channel(world: World, channel: Channel) -> Json:
    """Give a channel object."""
    common: Json = {"id": str(channel.id), "type": channel.kind, "name": channel.name, "flags": 0}
    if channel.kind in (DM, GROUP_DM):
        people = {"recipients": [to_user(user) for user in channel.people], "last_message_id": None}
        return common | people | ({"owner_id": str(channel.people[0].id)} if channel.kind == GROUP_DM else {})
    assert channel.guild is not None
    common |= {"guild_id": str(channel.guild.id), "rate_limit_per_user": 0, "last_message_id": None}
    if channel.kind == THREAD:
        return common | _to_thread(channel)
    overwrite = {
        "id": str(world.bot.id),
        "type": 1,
        "allow": str(channel.bot_permissions),
        "deny": str(ALL & ~channel.bot_permissions),
    }
    position = channel.guild.channels.index(channel) if channel in channel.guild.channels else 0
    return common | {"position": position, "parent_id": None, "nsfw": False, "permission_overwrites": [overwrite]}


def _to_thread(channel: Channel) -> Json:
    assert channel.parent is not None
    return {
        "parent_id": str(channel.parent.id),
        "owner_id": str(channel.parent.id),
        "message_count": len(channel.messages),
        "total_message_sent": len(channel.messages),
        "member_count": 2,
        "thread_metadata": {
            "archived": channel.is_archived,
            "locked": channel.is_locked,
            "auto_archive_duration": 1440,
            "archive_timestamp": timestamp(channel.id),
            "create_timestamp": timestamp(channel.id),
        },
    }


def to_partial_channel(world: World, channel: Channel, permissions: int) -> Json:
    """Give the channel of an interaction or of a chosen option, with what its user may do there."""
    shown = to_channel(world, channel)
    shown.pop("permission_overwrites", None)
    return shown if channel.guild is None else shown | {"permissions": str(permissions)}


def to_guild(world: World, guild: Guild) -> Json:
    """Give a server object as GUILD_CREATE brings it."""
    living = [channel for channel in guild.channels if not channel.is_deleted]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "owner_id": str(guild.id),
        "preferred_locale": guild.locale,
        "features": [],
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "system_channel_id": str(guild.system_channel.id) if guild.system_channel else None,
        "system_channel_flags": 0,
        "emojis": [],
        "stickers": [],
        "roles": [to_role(guild.id, "@everyone", MEMBER), *(to_role(i, f"r{p}", p) for p, i in guild.roles.items())],
        "member_count": len(guild.members) + 1,
        "large": False,
        "joined_at": timestamp(guild.id),
        # Without the privileged members intent a bot is shown itself only.
        "members": [to_member(guild, world.bot)],
        "channels": [to_channel(world, channel) for channel in living if channel.kind != THREAD],
        "threads": [to_channel(world, one) for one in living if one.kind == THREAD and not one.is_archived],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def to_role(role_id: int, name: str, permissions: int) -> Json:
    """Give a role object."""
    return {
        "id": str(role_id),
        "name": name,
        "permissions": str(permissions),
        "position": 0 if name == "@everyone" else 1,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def to_message(world: World, message: Message, *, with_words: bool = True) -> Json:
    """Give a message object; without its words as an application sees it that may not read them."""
    named = mentioned([message.content]) | ({message.reply_to.author.id} if message.reply_to else set())
    shown: Json = {
        "id": str(message.id),
        "type": 20 if message.asked_by else 19 if message.reply_to else 0,
        "channel_id": str(message.channel.id),
        "author": to_user(message.author),
        "content": message.content if with_words else "",
        "embeds": [{"type": "rich"} | embed for embed in message.embeds] if with_words else [],
        "components": message.components if with_words else [],
        "attachments": message.attachments if with_words else [],
        "mentions": [to_user(world.users[one]) for one in sorted(named) if one in world.users],
        "mention_roles": [ping[3:-1] for ping in message.pings if ping.startswith("<@&")],
        "mention_everyone": any(ping in message.pings for ping in ("@everyone", "@here")),
        "timestamp": timestamp(message.id),
        "edited_timestamp": timestamp(message.id) if message.is_edited else None,
        "tts": False,
        "pinned": False,
        "flags": message.flags,
    }
    if message.nonce:
        shown["nonce"] = message.nonce
    if message.reply_to:
        shown["message_reference"] = _to_reference(message.reply_to)
        shown["referenced_message"] = None
        if not message.reply_to.is_deleted:
            shown["referenced_message"] = to_message(world, message.reply_to, with_words=with_words)
    if message.asked_by:
        shown |= {"application_id": str(world.application_id), "webhook_id": str(world.application_id)}
        shown["interaction_metadata"] = message.asked_by.to_metadata()
    return shown


def _to_reference(message: Message) -> Json:
    guild = message.channel.guild
    reference = {"type": 0, "message_id": str(message.id), "channel_id": str(message.channel.id)}
    return reference | ({"guild_id": str(guild.id)} if guild else {})
