"""What people thought of passages, without keeping who they are."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.facts import get_or_make_fact
from bot.store.rows import Votes
from bot.store.tables import FEEDBACK
from bot.store.upsert import insert_into

SALT = "voter-salt"


async def _pseudonymise(connection: AsyncConnection, platform: str, voter: str) -> str:
    salt = await get_or_make_fact(connection, SALT, lambda: secrets.token_hex(32))
    return hmac.new(bytes.fromhex(salt), f"{platform}\n{voter}".encode(), hashlib.sha256).hexdigest()


async def vote(connection: AsyncConnection, platform: str, voter: str, passage: str, *, likes: bool, now: int) -> None:
    """Keep somebody's vote on a passage in place of the one before."""
    values = {"platform": platform, "vote": 1 if likes else -1, "updated": now}
    pseudonym = await _pseudonymise(connection, platform, voter)
    statement = insert_into(connection, FEEDBACK).values(voter=pseudonym, passage=passage, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["voter", "passage"], set_=values))


async def forget_voter(connection: AsyncConnection, platform: str, voter: str) -> int:
    """Forget all votes of somebody; say how many there were."""
    pseudonym = await _pseudonymise(connection, platform, voter)
    return (await connection.execute(delete(FEEDBACK).where(FEEDBACK.c.voter == pseudonym))).rowcount


async def count_votes(connection: AsyncConnection, passage: str | None = None) -> dict[str, Votes]:
    """Count the votes by passage, of one or of all that have any."""
    up, down = (func.sum(case((FEEDBACK.c.vote == value, 1), else_=0)) for value in (1, -1))
    statement = select(FEEDBACK.c.passage, up, down).group_by(FEEDBACK.c.passage)
    if passage is not None:
        statement = statement.where(FEEDBACK.c.passage == passage)
    return {name: Votes(ups, downs) for name, ups, downs in await connection.execute(statement)}
