"""Small facts about this database and what was done with it, by name."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import FACTS
from bot.store.upsert import insert_into


async def get_fact(connection: AsyncConnection, name: str) -> str | None:
    """Look a fact up."""
    value: str | None = await connection.scalar(select(FACTS.c.value).where(FACTS.c.name == name))
    return value


async def set_fact(connection: AsyncConnection, name: str, value: str) -> None:
    """Keep a fact in place of what was kept by that name."""
    statement = insert_into(connection, FACTS).values(name=name, value=value)
    await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


async def get_or_make_fact(connection: AsyncConnection, name: str, make: Callable[[], str]) -> str:
    """Look a fact up, made where it is missing; two who ask at once get the same."""
    kept = await get_fact(connection, name)
    if kept is not None:
        return kept
    await connection.execute(insert_into(connection, FACTS).values(name=name, value=make()).on_conflict_do_nothing())
    value: str = (await connection.execute(select(FACTS.c.value).where(FACTS.c.name == name))).scalar_one()
    return value
