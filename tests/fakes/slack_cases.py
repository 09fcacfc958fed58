"""Cases for the judge: what Slack takes and what it refuses, in its words."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

Block = dict[str, Any]


def mrkdwn(text: str) -> Block:
    """Give a mrkdwn text object."""
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> Block:
    """Give a plain text object."""
    return {"type": "plain_text", "text": text}


def section(text: str = "a quote", **more: Any) -> Block:
    """Give a section."""
    return {"type": "section", "text": mrkdwn(text), **more}


def button(text: str = "Next", **more: Any) -> Block:
    """Give a button."""
    return {"type": "button", "text": plain(text), "action_id": "next", **more}


def actions(*elements: Block, **more: Any) -> Block:
    """Give a row of buttons."""
    return {"type": "actions", "elements": list(elements), **more}


def rich(*pieces: Block, kind: str = "rich_text_quote", **more: Any) -> Block:
    """Give a rich text block of one element."""
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(pieces), **more}]}


def context(*elements: Block) -> Block:
    """Give a context line."""
    return {"type": "context", "elements": list(elements)}


def _image(**more: Any) -> Block:
    return {"type": "image", "image_url": "https://x.y/z.png", "alt_text": "a face", **more}


def _option(text: str = "Mon", value: str = "1") -> Block:
    return {"text": plain(text), "value": value}


def _menu(kind: str, number: int, option: Block | None = None) -> Block:
    return actions(
        {"type": kind, "action_id": "m", "options": [option or _option(value=str(n)) for n in range(number)]}
    )


_WORD = {"type": "text", "text": "word", "style": {"bold": True}}
_LINE = {"type": "rich_text_section", "elements": [_WORD]}

# Each a way to make a list of blocks so many characters (or things) long, and how many Slack takes at most.
LIMITS: dict[str, tuple[Callable[[int], list[Block]], int]] = {
    "blocks in a message": (lambda n: [section()] * n, 50),
    "block_id": (lambda n: [section(block_id="b" * n)], 255),
    "section text": (lambda n: [section("x" * n)], 3000),
    "section fields": (lambda n: [{"type": "section", "fields": [mrkdwn("x")] * n}], 10),
    "a section's field": (lambda n: [{"type": "section", "fields": [mrkdwn("x" * n)]}], 2000),
    "header": (lambda n: [{"type": "header", "text": plain("x" * n)}], 150),
    "context elements": (lambda n: [context(*[mrkdwn("x")] * n)], 10),
    "buttons in a row": (lambda n: [actions(*(button(action_id=f"a{k}") for k in range(n)))], 25),
    "button text": (lambda n: [actions(button("x" * n))], 75),
    "action_id": (lambda n: [actions(button(action_id="x" * n))], 255),
    "button value": (lambda n: [actions(button(value="x" * n))], 2000),
    "button url": (lambda n: [actions(button(url="https://" + "x" * (n - 8)))], 3000),
    "image url": (lambda n: [_image(image_url="https://" + "x" * (n - 8))], 3000),
    "alt text": (lambda n: [_image(alt_text="x" * n)], 2000),
    "overflow options": (lambda n: [_menu("overflow", n)], 5),
    "select options": (lambda n: [_menu("static_select", n)], 100),
    "option text": (lambda n: [_menu("static_select", 1, _option("x" * n))], 75),
    "option value": (lambda n: [_menu("static_select", 1, _option("x", "v" * n))], 150),
    "markdown": (lambda n: [{"type": "markdown", "text": "x" * n}], 12_000),
}

TAKEN: dict[str, list[Block]] = {
    "quote": [rich(_WORD, {"type": "link", "url": "https://x.y", "text": "there"}, border=1)],
    "list": [rich(_LINE, _LINE, kind="rich_text_list", style="ordered", indent=1)],
    "code": [rich({"type": "text", "text": "x = 1"}, kind="rich_text_preformatted", border=0)],
    "people": [rich({"type": "user", "user_id": "U1"}, {"type": "emoji", "name": "wave"}, kind="rich_text_section")],
    "accessory": [section(accessory=button(style="primary", value="v")), {"type": "divider", "block_id": "d"}],
    "picture": [context(_image(), plain("by"), mrkdwn("*him*")), _image(title=plain("he"))],
    "feedback": [
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "f",
                    "positive_button": {"text": plain("Good"), "value": "+"},
                    "negative_button": {"text": plain("Bad"), "value": "-"},
                }
            ],
        }
    ],
}

REFUSED: dict[str, tuple[list[Any], str]] = {
    "no dict": (["text"], "must be an object [json-pointer:/blocks/0]"),
    "unknown block": ([{"type": "quote"}], "unsupported type: quote [json-pointer:/blocks/0/type]"),
    "empty text": ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "no text": ([{"type": "section"}], "must define either `text` or `fields` [json-pointer:/blocks/0/type]"),
    "mrkdwn header": ([{"type": "header", "text": mrkdwn("x")}], "unsupported type: mrkdwn"),
    "mrkdwn button": ([actions(button() | {"text": mrkdwn("x")})], "unsupported type: mrkdwn"),
    "emoji in mrkdwn": ([section() | {"text": mrkdwn("x") | {"emoji": True}}], "invalid additional property: emoji"),
    "unknown key": ([section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    "same block_id": ([section(block_id="a")] * 2, '`block_id` "a" already exists'),
    "same action_id": ([actions(button(), button())], '`action_id` "next" already exists'),
    "no buttons": ([actions()], "no less than 1 items allowed [json-pointer:/blocks/0/elements]"),
    "no alt": ([{"type": "image", "image_url": "https://x.y"}], "missing required field: alt_text"),
    "button in context": ([context(button())], "unsupported type: button"),
    "bad style": ([actions(button(style="green"))], "must be a valid enum value"),
    "bad url": ([actions(button(url="x.y"))], "must be a valid URI"),
    "input in a message": ([{"type": "input", "label": plain("x"), "element": button()}], "unsupported type: input"),
    "empty rich text": ([rich({"type": "text", "text": ""})], "must be more than 0 characters"),
    "empty quote": ([rich()], "no less than 1 items allowed [json-pointer:/blocks/0/elements/0/elements]"),
    "mrkdwn in a quote": ([rich(mrkdwn("x"))], "unsupported type: mrkdwn"),
    "bold by word": ([rich({"type": "text", "text": "x", "style": "bold"})], "must be an object"),
    "unknown style": ([rich({"type": "text", "text": "x", "style": {"loud": True}})], "additional property: loud"),
    "emoji in code": ([rich({"type": "emoji", "name": "x"}, kind="rich_text_preformatted")], "unsupported type: emoji"),
    "words in a list": ([rich(_WORD, kind="rich_text_list", style="bullet")], "unsupported type: text"),
    "list without style": ([rich(_LINE, kind="rich_text_list")], "must be a valid enum value"),
    "quote as a block": ([{"type": "rich_text_quote", "elements": [_WORD]}], "unsupported type: rich_text_quote"),
}

PINGS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    (
        {"text": "<!channel> and <!here|here>, <@U123|ada> <!subteam^S1^@team>"},
        ("<!channel>", "<!here>", "<@U123>", "<!subteam^S1>"),
    ),
    ({"text": "&lt;!channel&gt; &amp;lt;@U1&amp;gt; < !here> @channel <https://x|@here> <#C1>"}, ()),
    ({"text": "@here", "link_names": True}, ("<!here>",)),
    ({"text": "x", "blocks": [section("hi <!everyone>"), context(mrkdwn("<@U1>"))]}, ("<!everyone>", "<@U1>")),
    ({"text": "x", "blocks": [{"type": "section", "fields": [mrkdwn("<@W1>")]}]}, ("<@W1>",)),
    ({"text": "x", "blocks": [context(plain("<!channel>")), actions(button("<!here>"))]}, ()),
    ({"text": "x", "blocks": [rich({"type": "text", "text": "<!channel>"})]}, ()),
    ({"text": "x", "blocks": [rich({"type": "broadcast", "range": "channel"})]}, ("<!channel>",)),
    ({"text": "x", "blocks": [rich({"type": "user", "user_id": "U9"}, kind="rich_text_section")]}, ("<@U9>",)),
    ({"text": "x", "blocks": [rich({"type": "usergroup", "usergroup_id": "S9"})]}, ("<!subteam^S9>",)),
    ({"text": "x", "attachments": [{"pretext": "<!here>", "fields": [{"value": "<@U2>"}]}]}, ("<!here>", "<@U2>")),
]

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Ilya quotes", "description": "His own words", "long_description": "words " * 40},
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "ilya", "always_online": True},
        "slash_commands": [{"command": "/ilya", "description": "Ask", "usage_hint": "scaling laws"}],
        "shortcuts": [{"name": "What did he say?", "type": "message", "callback_id": "said", "description": "Ask"}],
    },
    "oauth_config": {"scopes": {"bot": ["app_mentions:read", "chat:write", "commands", "im:history"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_mention", "message.im", "app_home_opened", "app_uninstalled"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
    },
}

# The path to what is changed, the new value, and the fault named.
MANIFEST_FAULTS: list[tuple[str, Any, str]] = [
    ("colour", "red", "manifest.colour: Slack knows no such key"),
    ("display_information.name", "x" * 36, "1 to 35 characters"),
    ("display_information.description", "x" * 141, "1 to 140"),
    ("display_information.long_description", "x" * 174, "175 to 4000"),
    ("features.bot_user.display_name", "Ilya Sutskever", "must be like"),
    ("features.bot_user", {}, "display_name: is missing"),
    ("features.slash_commands", [{"command": "ilya", "description": "x"}], "command: must be like"),
    ("features.slash_commands", [], "must hold 1 to 50"),
    ("features.shortcuts", [MANIFEST["features"]["shortcuts"][0] | {"name": "x" * 25}], "name: must hold 1 to 24"),
    ("features.shortcuts", [{"name": "x", "type": "menu", "callback_id": "x", "description": "x"}], "message, global"),
    ("features.app_home.messages_tab_enabled", False, "messages tab"),
    ("features.app_home.home_tab_enabled", False, "Home tab"),
    ("oauth_config.scopes.bot", ["app_mentions:read", "chat:write", "commands"], "message.im needs im:history"),
    ("oauth_config.scopes.bot", ["app_mentions:read", "im:history"], "slash_commands need commands"),
    ("settings.event_subscriptions.bot_events", ["app_mention", "app_mention"], "stands there twice"),
    ("settings.event_subscriptions.bot_events", ["app_mentions"], "unknown event"),
    ("settings.socket_mode_enabled", False, "needs a url|need a request_url"),
    ("settings.token_rotation_enabled", "no", "must be true or false"),
    ("settings.interactivity", {"is_enabled": False}, "shortcuts need it"),
]


def change(manifest: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Give a copy of a manifest with one thing changed."""
    changed = copy.deepcopy(manifest)
    *way, last = path.split(".")
    part = changed
    for name in way:
        part = part[name]
    part[last] = value
    return changed
