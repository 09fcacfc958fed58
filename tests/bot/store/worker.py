"""A process of its own: opens a database when told to on standard input, does its task, prints what it got."""

from __future__ import annotations

import asyncio
import sys

from bot.store.claims import claim_due, take_over_expired
from bot.store.database import Database, open_database
from tests.bot.store.samples import NOW, advance


def tell(*words: str | int) -> None:
    """Print words, each on a line, at once."""
    sys.stdout.writelines(f"{word}\n" for word in words)
    sys.stdout.flush()


async def claim(database: Database) -> None:
    """Claim until there is nothing left."""
    while True:
        async with database.begin() as connection:
            rows = await claim_due(connection, "discord", NOW, limit=3, lease=60, advance=advance)
        if not rows:
            return
        tell(*(row.subscription.id for row in rows))


async def take_over(database: Database) -> None:
    """Take over until there is nothing left."""
    while True:
        async with database.begin() as connection:
            rows = await take_over_expired(connection, "discord", NOW + 60, limit=3, lease=60)
        if not rows:
            return
        tell(*(row.subscription.id for row in rows))


async def fail(database: Database) -> None:
    """End in an error in the middle of a transaction, with all that is open."""
    async with database.begin(), database.connect():
        raise SystemExit("on purpose")


async def idle(_database: Database) -> None:
    """Only open and close."""


async def main(url: str, task: str) -> None:
    """Do one task."""
    tell("ready")
    sys.stdin.readline()
    async with open_database(url) as database:
        await {"claim": claim, "take_over": take_over, "fail": fail, "idle": idle}[task](database)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
