"""What the fake Slack refuses of a message, a view or a manifest."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.slack_cases import (
    LIMITS,
    MANIFEST,
    MANIFEST_FAULTS,
    PINGS,
    REFUSED,
    TAKEN,
    button,
    change,
    mrkdwn,
    section,
)
from tests.fakes.slack_checks import (
    RefusedError,
    check_message,
    check_view,
    find_block_faults,
    find_repeated_action_ids,
)
from tests.fakes.slack_manifest import check_manifest
from tests.fakes.slack_pings import find_loose_pings, find_pings

WORDS = (
    "type text blocks elements section rich_text rich_text_list rich_text_section actions button static_select".split()
)
WORDS += (
    "mrkdwn plain_text fields options label value accessory action_id block_id style confirm user home modal".split()
)
KEYS = st.sampled_from(WORDS) | st.text(max_size=3)
JSON_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | KEYS


class TestJudge:
    """Block Kit, texts, views and manifests."""

    @pytest.mark.parametrize("name", LIMITS)
    def test_the_judge_takes_what_is_at_a_limit_and_refuses_one_more(self, name: str) -> None:
        make, most = LIMITS[name]
        assert find_block_faults(make(most)) == []
        assert any(
            f"less than {most + 1} " in said or f"more than {most} " in said
            for said in find_block_faults(make(most + 1))
        )

    @pytest.mark.parametrize("name", TAKEN)
    def test_the_judge_takes_what_slack_takes(self, name: str) -> None:
        assert find_block_faults(TAKEN[name]) == []

    @pytest.mark.parametrize("name", REFUSED)
    def test_the_judge_refuses_what_slack_refuses(self, name: str) -> None:
        blocks, said = REFUSED[name]
        assert said in " ".join(find_block_faults(blocks))

    @given(st.recursive(JSON_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=30))
    def test_the_judge_never_breaks(self, blocks: Any) -> None:
        for judge in (find_block_faults, find_repeated_action_ids):
            assert isinstance(judge(blocks), list)
        for check in (check_view, lambda value: check_message({"text": "x", "blocks": value, "attachments": value})):
            with contextlib.suppress(RefusedError):
                check(blocks)
        find_pings({"text": "x", "blocks": blocks})

    @pytest.mark.parametrize(
        ("payload", "error"),
        [
            ({"text": " "}, "no_text"),
            ({"blocks": []}, "no_text"),
            ({"text": "x" * 40_001}, "msg_too_long"),
            ({"blocks": [section("x" * 2581)] * 5}, "msg_blocks_too_long"),
            ({"text": "x", "blocks": {}}, "invalid_blocks_format"),
            ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
            ({"markdown_text": "y" * 12_001}, "msg_too_long"),
            ({"text": "x", "metadata": {"event_type": 1}}, "invalid_metadata_format"),
            ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ],
    )
    def test_a_message_is_refused_by_name(self, payload: dict[str, Any], error: str) -> None:
        with pytest.raises(RefusedError) as caught:
            check_message(payload)
        assert caught.value.error == error

    def test_a_message_is_taken_at_its_limits(self) -> None:
        assert check_message({"text": "x" * 40_000, "blocks": [section("x" * 2580)] * 5})["attachments"] == []

    def test_a_home_tab_takes_a_hundred_blocks_of_250_kb(self) -> None:
        check_view({"type": "home", "blocks": [section()] * 100})
        with pytest.raises(RefusedError, match="no more than 100 items"):
            check_view({"type": "home", "blocks": [section()] * 101})
        with pytest.raises(RefusedError, match="view_too_large"):
            check_view({"type": "home", "blocks": [section("x" * 2900)] * 90})

    def test_action_ids_used_twice_in_a_message_are_found(self) -> None:
        assert find_repeated_action_ids([section(accessory=button()), {"elements": [button()]}]) == ["next"]

    @pytest.mark.parametrize(("message", "pings"), PINGS)
    def test_pings_are_what_slack_would_notify(self, message: dict[str, Any], pings: tuple[str, ...]) -> None:
        assert find_pings(message) == pings

    @given(st.text() | st.from_regex(r"<(!channel|@U1|!subteam\^S1)(\|x)?>"))
    def test_escaped_words_ping_nobody(self, words: str) -> None:
        escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert find_pings({"text": escaped, "blocks": [section(escaped)]}) == ()
        assert find_pings({"text": f"{escaped}<!channel>"}) == ("<!channel>",)

    def test_bare_mentions_are_told_apart_unless_verbatim(self) -> None:
        quote = section("ask @here or a@here.org")
        assert find_loose_pings({"blocks": [quote]}) == ("@here",)
        assert find_loose_pings({"blocks": [section(text="") | {"text": mrkdwn("@here") | {"verbatim": True}}]}) == ()

    def test_a_good_manifest_passes_in_both_modes(self) -> None:
        check_manifest(MANIFEST)
        url = "https://bot.example/slack/events"
        http = change(MANIFEST, "settings.socket_mode_enabled", False)
        http = change(http, "settings.event_subscriptions.request_url", url)
        http = change(http, "settings.interactivity.request_url", url)
        check_manifest(change(http, "features.slash_commands", [{"command": "/ilya", "description": "x", "url": url}]))

    @pytest.mark.parametrize(("path", "value", "said"), MANIFEST_FAULTS)
    def test_a_manifest_fault_is_named(self, path: str, value: Any, said: str) -> None:
        with pytest.raises(AssertionError, match=said):
            check_manifest(change(MANIFEST, path, value))
