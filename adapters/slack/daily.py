"""`daily …`: a channel's daily quote set, stopped and looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.blocks import Block, Message, date_of, line_of, rich, say, to_message, words
from adapters.slack.daily_words import Wish
from adapters.slack.outcomes import FAILURES, tell_closed, tell_invitation
from adapters.slack.parts import Parts, place_of
from adapters.slack.render import render_coming
from adapters.slack.replies import Reply
from adapters.wording import tell_state
from bot.delivery import Place, Request, SubscriptionRow, SubscriptionState
from bot.errors import ScheduleError


class DailyTalk:
    """One wish about the daily quote of one channel."""

    def __init__(self, parts: Parts, context: AsyncBoltContext, reply: Reply) -> None:
        self.daily = parts.core.daily
        self.command = parts.command
        self.reply = reply
        self.place: Place = place_of(context, reply)

    async def handle(self, wish: Wish) -> None:
        """Do what is wished, and say so. Raises ScheduleError, PoolError, QueryError."""
        if wish.action == "set":
            await self._set(wish)
            return
        ways: dict[str, Callable[[], Awaitable[Message | None]]] = {
            "stop": self._stop,
            "pause": self._pause,
            "resume": self._resume,
            "status": self._status,
            "preview": self._preview,
            "now": self._now,
        }
        if told := await ways[wish.action]():
            await self.reply.say(told)

    async def _set(self, wish: Wish) -> None:
        before = await self.daily.find(self.place)
        zone = wish.zone or (before.zone if before else await self._find_zone(wish.at))
        request = Request(wish.at, zone, wish.weekdays, wish.topic)
        row = await self.daily.subscribe(self.place, request, self.reply.user)
        await self._begin(row, "Set", is_new=before is None)

    async def _find_zone(self, at: str) -> str:
        """Give the user's own zone, where the scopes let it be seen. Raises ScheduleError."""
        try:
            told = await self.reply.client.users_info(user=self.reply.user)
            return str((told.get("user") or {})["tz"])
        except (*FAILURES, KeyError):
            raise ScheduleError(
                f"Which time zone? Say it too, such as: {self.command} daily {at} Europe/London, or America/New_York."
            ) from None

    async def _begin(self, row: SubscriptionRow, done: str, *, is_new: bool = False) -> None:
        """Say that a quote will come, which shows whether it can; of a new one the channel is told as well."""
        state = tell_state(row)
        if self.reply.is_public:
            await self.reply.say(self._with_next(state, row))
            return
        told = self._with_next(f"{done}." if is_new else f"{done}. {state}", row)
        if is_new:
            outcome = await self.reply.announce(say(f"{state} {self.command} daily changes it."))
        else:
            outcome = await self.reply.show(told)
        if outcome.is_done and is_new:
            await self.reply.whisper(told)
        elif why := tell_closed(outcome.why) if outcome.is_refused else "":
            await self._wait(why, tell_invitation(outcome.why, self.command[1:]))
        elif not outcome.is_done:
            unsure = f"{done}. {state} Whether I can post here could not be checked just now."
            await self.reply.whisper(self._with_next(unsure, row))

    async def _wait(self, why: str, invitation: str) -> None:
        """Pause a daily quote that cannot be posted, and say what is to be done."""
        await self.daily.pause(self.place)
        once = f"{invitation}, then" if invitation else "Once I may post, type"
        await self.reply.whisper(say(f"{why} The daily quote is set, but waits. {once} {self.command} daily resume."))

    def _with_next(self, told: str, row: SubscriptionRow) -> Message:
        """Add when the next one comes."""
        small = " So few quotes fit that they will soon come again." if self.daily.is_small(row) else ""
        when = f"{row.next_date} ({row.zone})"
        line: list[Block] = [words(f"{told} The next one: "), date_of(row.next_due, when), words(f".{small}")]
        return to_message([f"{told} The next one: {when}.{small}"], [rich(line_of(*line))])

    async def _stop(self) -> Message:
        if await self.daily.unsubscribe(self.place):
            return say("Stopped: no daily quote comes here any more.")
        return self._nothing()

    async def _pause(self) -> Message:
        if await self.daily.pause(self.place):
            return say(f"Paused. {self.command} daily resume goes on with it.")
        return self._nothing()

    async def _resume(self) -> Message | None:
        row = await self.daily.resume(self.place)
        if row is None:
            return self._nothing()
        await self._begin(row, "It goes on")
        return None

    async def _status(self) -> Message:
        row = await self.daily.find(self.place)
        if row is None:
            return self._nothing()
        return self._with_next(tell_state(row), row) if row.state is SubscriptionState.ACTIVE else say(tell_state(row))

    async def _preview(self) -> Message:
        row = await self.daily.find(self.place)
        return render_coming(await self.daily.preview(row)) if row else self._nothing()

    async def _now(self) -> Message:
        await self.daily.post_now(self.place)
        return say("Today's quote comes now.")

    def _nothing(self) -> Message:
        return say(f"No daily quote is set here. Set one, such as: {self.command} daily 09:00 Europe/London weekdays")
