from __future__ import annotations

from adapters.discord.cooldowns import Cooldowns


def test_by_default_everybody_asks_at_any_time() -> None:
    cooldowns = Cooldowns(0.0, lambda: 0.0)
    assert [cooldowns.take(1), cooldowns.take(1)] == [0.0, 0.0]


def test_a_user_waits_and_the_others_do_not() -> None:
    now = [100.0]
    cooldowns = Cooldowns(10.0, lambda: now[0])
    assert cooldowns.take(1) == 0
    now[0] = 104.0
    assert (cooldowns.take(1), cooldowns.take(2)) == (6.0, 0)
    now[0] = 110.0
    assert (cooldowns.take(1), cooldowns.take(2)) == (0, 4.0)


def test_to_ask_too_early_does_not_prolong_the_wait() -> None:
    now = [0.0]
    cooldowns = Cooldowns(10.0, lambda: now[0])
    cooldowns.take(1)
    for now[0] in range(1, 10):
        assert cooldowns.take(1) == 10.0 - now[0]
    now[0] = 10.0
    assert cooldowns.take(1) == 0


def test_whoever_need_not_wait_any_more_is_forgotten() -> None:
    now = [0.0]
    cooldowns = Cooldowns(10.0, lambda: now[0])
    for user in range(100):
        cooldowns.take(user)
    now[0] = 10.0
    cooldowns.take(1000)
    assert list(cooldowns._asked) == [1000]
