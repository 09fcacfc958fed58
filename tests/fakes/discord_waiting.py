"""Waiting for something to become true without sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Wake whoever waits each time anything has changed."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def tell(self) -> None:
        """Say that something has changed."""
        self._next.set()
        self._next = asyncio.Event()

    async def wait_for(self, look: Callable[[], T | None], what: object = "", timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """Give the first value of `look` that is true; fail after `timeout` seconds, saying `what` never came."""
        try:
            async with asyncio.timeout(timeout):
                while not (value := look()):
                    await self._next.wait()
                return value
        except TimeoutError:
            raise AssertionError(f"not seen within {timeout} s: {what() if callable(what) else what}") from None
