"""What goes wrong with requests, on demand: errors, rate limits, lost connections, late answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from tests.fakes.discord_refusals import Json
from tests.fakes.discord_waiting import Changes


@dataclass(eq=False)
class Call:
    """A request as it came, and how it was answered."""

    method: str
    path: str  # under /api/v10
    query: dict[str, str]
    json: Json
    headers: dict[str, str]
    files: list[Json] = field(default_factory=list)
    status: int | None = None  # None: not answered yet, or the connection was dropped
    answer: object = None
    is_injected: bool = False  # whether the answer is a fault that the test asked for

    def matches(self, method: str, pattern: str) -> bool:
        """Whether it is a request of a method (`*`: any) to a path like `/channels/*/messages`."""
        return method in ("*", self.method) and fnmatchcase(self.path, pattern)


@dataclass(eq=False)
class Fault:
    """What happens to the next requests that match, instead of an answer."""

    method: str
    pattern: str
    status: int
    times: int
    after_effect: bool
    drop: bool
    retry_after: float

    def body(self) -> Json | str:
        """Give the body of its answer."""
        if self.status == 429:
            return {"message": "You are being rate limited.", "retry_after": self.retry_after, "global": False}
        # Above 500 it is a proxy that answers, and not in JSON.
        return {"message": "500: Internal Server Error", "code": 0} if self.status == 500 else "error code: 502"

    def headers(self) -> dict[str, str]:
        """Give the headers of its answer; without `Via`, clients take a 429 for a ban."""
        if self.status != 429:
            return {}
        wait = str(self.retry_after)
        return {
            "Via": "1.1 google",
            "Retry-After": wait,
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset-After": wait,
            "X-RateLimit-Reset": wait,
            "X-RateLimit-Bucket": "fake",
            "X-RateLimit-Scope": "user",
        }


class Hold:
    """Keeps requests that match waiting until it is released."""

    def __init__(self, method: str, pattern: str, changes: Changes, *, after_effect: bool) -> None:
        self.method = method
        self.pattern = pattern
        self.after_effect = after_effect
        self.calls: list[Call] = []
        self._changes = changes
        self._released = asyncio.Event()

    @property
    def is_released(self) -> bool:
        """Whether it holds nothing any more."""
        return self._released.is_set()

    def release(self) -> None:
        """Let everything through."""
        self._released.set()

    async def arrived(self, count: int = 1) -> Call:
        """Wait until so many requests are held, and give the first."""
        await self._changes.wait_for(lambda: len(self.calls) >= count, f"{self.method} {self.pattern}")
        return self.calls[0]

    async def keep(self, call: Call) -> None:
        """Keep a request until the release."""
        self.calls.append(call)
        self._changes.tell()
        await self._released.wait()


class Faults:
    """The faults and holds that are still to come."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._faults: list[Fault] = []
        self._holds: list[Hold] = []

    def fail(
        self,
        method: str,
        pattern: str,
        *,
        status: int = 500,
        times: int = 1,
        after_effect: bool = False,
        drop: bool = False,
        retry_after: float = 0.01,
    ) -> None:
        """Let the next matching requests fail, `after_effect` only once what they ask is done; `drop` cuts the line."""
        self._faults.append(Fault(method, pattern, status, times, after_effect, drop, retry_after))

    def hold(self, method: str, pattern: str, *, after_effect: bool = False) -> Hold:
        """Keep matching requests waiting, before or after their effect, until the hold is released."""
        self._holds.append(hold := Hold(method, pattern, self._changes, after_effect=after_effect))
        return hold

    def take(self, call: Call) -> Fault | None:
        """Give the fault that is due for a request."""
        for fault in self._faults:
            if fault.times and call.matches(fault.method, fault.pattern):
                fault.times -= 1
                return fault
        return None

    async def keep(self, call: Call, *, after_effect: bool) -> None:
        """Keep a request as long as a hold says."""
        for hold in self._holds:
            is_due = not hold.is_released and hold.after_effect == after_effect
            if is_due and call.matches(hold.method, hold.pattern):
                await hold.keep(call)

    def release_all(self) -> None:
        """Let everything through that is still held."""
        for hold in self._holds:
            hold.release()
