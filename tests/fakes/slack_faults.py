"""Trouble on demand: answers that fail, arrive late or never arrive."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Failure:
    """How the next calls of a method fail."""

    place: str  # a method's name, or the beginning of a path
    status: int
    error: str
    times: int
    after_effect: bool
    drop: bool
    retry_after: int  # seconds
    body: str | None = None

    def response(self) -> web.Response:
        """Give what is answered instead."""
        headers = {"Retry-After": str(self.retry_after)} if self.status == 429 else {}
        if self.body is not None:
            return web.Response(status=self.status, text=self.body, headers=headers, content_type="text/html")
        return web.json_response({"ok": False, "error": self.error}, status=self.status, headers=headers)


@dataclass
class Hold:
    """Calls of a method kept waiting until released; works as a context manager."""

    place: str
    after_effect: bool
    reached: asyncio.Event = field(default_factory=asyncio.Event)  # set once a call waits
    _open: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let every waiting call, and every later one, go on."""
        self._open.set()

    async def wait(self) -> None:
        """Wait here until released."""
        self.reached.set()
        await self._open.wait()

    def __enter__(self) -> Hold:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


_ERRORS = {429: "ratelimited", 500: "internal_error", 503: "service_unavailable"}


class Faults:
    """The failures and holds in force."""

    def __init__(self) -> None:
        self._failures: list[Failure] = []
        self._holds: list[Hold] = []

    def fail(
        self,
        place: str,
        status: int = 500,
        error: str | None = None,
        *,
        times: int = 1,
        after_effect: bool = False,
        drop: bool = False,
        retry_after: int = 1,
    ) -> Failure:
        """Let the next `times` calls of a method or path fail, before or after they took effect.

        With `drop` the connection is cut instead of an answer; `retry_after` is in seconds. Set the failure's `body`
        for an answer that is no JSON.
        """
        said = error or _ERRORS.get(status, "fatal_error")
        failure = Failure(place, status, said, times, after_effect, drop, retry_after)
        self._failures.append(failure)
        return failure

    def hold(self, place: str, *, after_effect: bool = False) -> Hold:
        """Keep the calls of a method or path waiting, before or after they took effect."""
        hold = Hold(place, after_effect)
        self._holds.append(hold)
        return hold

    def release_all(self) -> None:
        """Let everything go on that is held."""
        for hold in self._holds:
            hold.release()

    async def apply(
        self, request: web.Request, act: Callable[[], Awaitable[web.StreamResponse]], *names: str
    ) -> web.StreamResponse:
        """Answer a request through the faults that fit one of its names."""
        failure = self._take(names)
        await self._wait(names, after_effect=False)
        if failure is not None and not failure.after_effect:
            return self._refuse(request, failure)
        response = await act()
        await self._wait(names, after_effect=True)
        return response if failure is None else self._refuse(request, failure)

    async def _wait(self, names: tuple[str, ...], *, after_effect: bool) -> None:
        for hold in [each for each in self._holds if _fits(each.place, names) and each.after_effect is after_effect]:
            await hold.wait()

    def _take(self, names: tuple[str, ...]) -> Failure | None:
        for failure in self._failures:
            if failure.times > 0 and _fits(failure.place, names):
                failure.times -= 1
                return failure
        return None

    @staticmethod
    def _refuse(request: web.Request, failure: Failure) -> web.Response:
        if failure.drop and request.transport is not None:
            request.transport.abort()
        return failure.response()


def _fits(place: str, names: tuple[str, ...]) -> bool:
    return any(name == place or (place.startswith("/") and name.startswith(place)) for name in names)
