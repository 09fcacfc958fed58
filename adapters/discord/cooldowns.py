"""How long a user waits between two questions, where the owner wants it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Cooldowns:
    """When each user last asked; `seconds` 0 lets everybody ask at any time."""

    seconds: float
    clock: Callable[[], float]
    _asked: OrderedDict[int, float] = field(default_factory=OrderedDict)

    def take(self, user: int) -> float:
        """Let a user ask, or say how many seconds are left to wait."""
        if not self.seconds:
            return 0.0
        now = self.clock()
        while self._asked and next(iter(self._asked.values())) <= now - self.seconds:
            self._asked.popitem(last=False)
        if user in self._asked:
            return self._asked[user] + self.seconds - now
        self._asked[user] = now
        return 0.0
