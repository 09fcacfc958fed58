"""What Slack demands of the parts of a block: texts, buttons, menus and rich text.

Every check yields its faults in Slack's own words, each ending in the JSON pointer of the place.
Limits: Slack's Block Kit reference, and the constants of slack_sdk.models.blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Faults = Iterator[str]
Check = Callable[[dict[str, Any], str], Faults]

TEXT_LONGEST = 3000
BUTTON_TEXT_LONGEST = 75
VALUE_LONGEST = 2000
URL_LONGEST = 3000
ID_LONGEST = 255
ALT_LONGEST = 2000
OPTIONS_MOST = 100
OVERFLOW_MOST = 5
CHOICES_MOST = 10

_URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)
_STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}


def fault(said: str, at: str) -> str:
    """Word a fault as Slack does."""
    return f"{said} [json-pointer:{at}]"


def check_string(value: object, at: str, longest: int, shortest: int = 1) -> Faults:
    """Check a string's kind and length in characters."""
    if not isinstance(value, str):
        yield fault("must be a string", at)
    elif len(value) < shortest:
        yield fault(f"must be more than {shortest - 1} characters", at)
    elif len(value) > longest:
        yield fault(f"must be less than {longest + 1} characters", at)


def check_url(value: object, at: str) -> Faults:
    """Check a link's length and that it names a scheme."""
    yield from check_string(value, at, URL_LONGEST)
    if isinstance(value, str) and value and not _URI.fullmatch(value):
        yield fault("must be a valid URI", at)


def check_keys(value: dict[str, Any], at: str, known: Iterable[str], required: Iterable[str] = ()) -> Faults:
    """Check that an object holds what it must and nothing Slack does not know."""
    for name in sorted(set(map(str, value)) - {"type", *known, *required}):
        yield fault(f"invalid additional property: {name}", at)
    for name in required:
        if value.get(name) is None:
            yield fault(f"missing required field: {name}", at)


def check_items(value: object, at: str, most: int, fewest: int = 1) -> Faults:
    """Check that a value is a list of so many objects."""
    if not isinstance(value, list):
        yield fault("must be an array", at)
        return
    if len(value) < fewest:
        yield fault(f"no less than {fewest} items allowed", at)
    if len(value) > most:
        yield fault(f"no more than {most} items allowed", at)
    for number, item in enumerate(value):
        if not isinstance(item, dict):
            yield fault("must be an object", f"{at}/{number}")


def objects(value: object, at: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Give each object of a list with its pointer; what is none of either was refused by `check_items`."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            if isinstance(item, dict):
                yield item, f"{at}/{number}"


def check_one_of(value: object, at: str, allowed: Iterable[str]) -> Faults:
    """Check a word against the words Slack knows there."""
    if not isinstance(value, str) or value not in set(allowed):
        yield fault("must be a valid enum value", at)


def check_text(value: object, at: str, longest: int = TEXT_LONGEST, *, plain: bool = False) -> Faults:
    """Check a text object, of plain text only where Slack allows no other."""
    if not isinstance(value, dict):
        yield fault("must be an object", at)
        return
    kind = value.get("type")
    if kind not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
        yield fault(f"unsupported type: {kind}", f"{at}/type")
    yield from check_keys(value, at, ["text", "emoji" if kind == "plain_text" else "verbatim"])
    yield from check_string(value.get("text"), f"{at}/text", longest)


def check_action_id(element: dict[str, Any], at: str) -> Faults:
    """Check an element's name, which Slack makes up where it is left out."""
    if "action_id" in element:
        yield from check_string(element["action_id"], f"{at}/action_id", ID_LONGEST)


def _check_confirm(element: dict[str, Any], at: str) -> Faults:
    confirm, at = element.get("confirm"), f"{at}/confirm"
    if confirm is None:
        return
    if not isinstance(confirm, dict):
        yield fault("must be an object", at)
        return
    yield from check_keys(confirm, at, ["style"], ["title", "text", "confirm", "deny"])
    for name, longest in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        if confirm.get(name) is not None:
            yield from check_text(confirm[name], f"{at}/{name}", longest, plain=name != "text")


def _check_button(element: dict[str, Any], at: str) -> Faults:
    yield from check_keys(
        element, at, ["action_id", "url", "value", "style", "confirm", "accessibility_label"], ["text"]
    )
    yield from check_action_id(element, at)
    if element.get("text") is not None:
        yield from check_text(element["text"], f"{at}/text", BUTTON_TEXT_LONGEST, plain=True)
    if "value" in element:
        yield from check_string(element["value"], f"{at}/value", VALUE_LONGEST)
    if "url" in element:
        yield from check_url(element["url"], f"{at}/url")
    if "style" in element:
        yield from check_one_of(element["style"], f"{at}/style", ["primary", "danger"])
    if "accessibility_label" in element:
        yield from check_string(element["accessibility_label"], f"{at}/accessibility_label", BUTTON_TEXT_LONGEST)
    yield from _check_confirm(element, at)


def _check_option(option: dict[str, Any], at: str, *, plain: bool) -> Faults:
    yield from check_keys(option, at, ["description", "url"], ["text", "value"])
    if option.get("text") is not None:
        yield from check_text(option["text"], f"{at}/text", BUTTON_TEXT_LONGEST, plain=plain)
    if option.get("value") is not None:
        yield from check_string(option["value"], f"{at}/value", 150)
    if option.get("description") is not None:
        yield from check_text(option["description"], f"{at}/description", BUTTON_TEXT_LONGEST, plain=plain)
    if option.get("url") is not None:
        yield from check_url(option["url"], f"{at}/url")


def _check_options(element: dict[str, Any], at: str, most: int, *, plain: bool = True) -> Faults:
    yield from check_items(element.get("options"), f"{at}/options", most)
    for option, place in objects(element.get("options"), f"{at}/options"):
        yield from _check_option(option, place, plain=plain)


def _check_overflow(element: dict[str, Any], at: str) -> Faults:
    yield from check_keys(element, at, ["action_id", "confirm"], ["options"])
    yield from check_action_id(element, at)
    yield from _check_options(element, at, OVERFLOW_MOST)
    yield from _check_confirm(element, at)


def _check_choices(element: dict[str, Any], at: str) -> Faults:
    known = ["action_id", "confirm", "initial_option", "initial_options", "focus_on_load"]
    yield from check_keys(element, at, known, ["options"])
    yield from check_action_id(element, at)
    yield from _check_options(element, at, CHOICES_MOST, plain=False)
    yield from _check_confirm(element, at)


_PICKED = "action_id placeholder confirm focus_on_load response_url_enabled filter default_to_current_conversation"


def _check_picker(element: dict[str, Any], at: str) -> Faults:
    initial = [name for name in element if str(name).startswith(("initial_", "max_selected"))]
    yield from check_keys(element, at, [*_PICKED.split(), *initial, "timezone", "options", "option_groups"])
    yield from check_action_id(element, at)
    if "placeholder" in element:
        yield from check_text(element["placeholder"], f"{at}/placeholder", 150, plain=True)
    yield from _check_confirm(element, at)


def _check_select(element: dict[str, Any], at: str) -> Faults:
    yield from _check_picker(element, at)
    groups = element.get("option_groups")
    if groups is None or "options" in element:
        yield from _check_options(element, at, OPTIONS_MOST)
        return
    yield from check_items(groups, f"{at}/option_groups", OPTIONS_MOST)
    for group, place in objects(groups, f"{at}/option_groups"):
        yield from check_text(group.get("label"), f"{place}/label", BUTTON_TEXT_LONGEST, plain=True)
        yield from _check_options(group, place, OPTIONS_MOST)


def check_image(element: dict[str, Any], at: str) -> Faults:
    """Check an image, which must say in words what it shows."""
    yield from check_keys(element, at, ["image_url", "slack_file", "title", "block_id"], ["alt_text"])
    if element.get("alt_text") is not None:
        yield from check_string(element["alt_text"], f"{at}/alt_text", ALT_LONGEST)
    if "image_url" in element:
        yield from check_url(element["image_url"], f"{at}/image_url")
    elif "slack_file" not in element:
        yield fault("missing required field: image_url", at)


def _check_input(element: dict[str, Any], at: str) -> Faults:
    known = "action_id placeholder initial_value multiline min_length max_length dispatch_action_config focus_on_load"
    yield from check_keys(element, at, known.split())
    yield from check_action_id(element, at)
    if "placeholder" in element:
        yield from check_text(element["placeholder"], f"{at}/placeholder", 150, plain=True)


def _check_feedback(element: dict[str, Any], at: str) -> Faults:
    yield from check_keys(element, at, ["action_id"], ["positive_button", "negative_button"])
    yield from check_action_id(element, at)
    for name in ("positive_button", "negative_button"):
        button, place = element.get(name), f"{at}/{name}"
        if not isinstance(button, dict):
            continue
        yield from check_keys(button, place, ["accessibility_label"], ["text", "value"])
        yield from check_text(button.get("text"), f"{place}/text", BUTTON_TEXT_LONGEST, plain=True)
        yield from check_string(button.get("value"), f"{place}/value", VALUE_LONGEST)


def _check_icon_button(element: dict[str, Any], at: str) -> Faults:
    known = ["action_id", "value", "confirm", "accessibility_label", "visible_to_user_ids"]
    yield from check_keys(element, at, known, ["icon", "text"])
    yield from check_action_id(element, at)
    yield from check_text(element.get("text"), f"{at}/text", BUTTON_TEXT_LONGEST, plain=True)
    yield from _check_confirm(element, at)


_PICKERS = (
    "users_select multi_users_select conversations_select multi_conversations_select channels_select "
    "multi_channels_select datepicker timepicker datetimepicker"
).split()
_MENUS: dict[str, Check] = {
    "button": _check_button,
    "overflow": _check_overflow,
    "static_select": _check_select,
    "multi_static_select": _check_select,
    "radio_buttons": _check_choices,
    "checkboxes": _check_choices,
    **dict.fromkeys(_PICKERS, _check_picker),
}
ACCESSORIES: dict[str, Check] = {**_MENUS, "image": check_image}
ACTIONS: dict[str, Check] = dict(_MENUS)
INPUTS: dict[str, Check] = {**{k: v for k, v in _MENUS.items() if k != "button"}, "plain_text_input": _check_input}
FEEDBACK: dict[str, Check] = {"feedback_buttons": _check_feedback, "icon_button": _check_icon_button}


def check_element(element: dict[str, Any], at: str, allowed: dict[str, Check]) -> Faults:
    """Check an element by its type, which must be one the place allows."""
    kind = element.get("type")
    check = allowed.get(kind) if isinstance(kind, str) else None
    if check is None:
        yield fault(f"unsupported type: {kind}", f"{at}/type")
    else:
        yield from check(element, at)


# Rich text: what each piece must hold, and what it may hold besides.
_PIECES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "text": (("text",), ("style",)),
    "link": (("url",), ("text", "style", "unsafe")),
    "user": (("user_id",), ("style",)),
    "usergroup": (("usergroup_id",), ("style",)),
    "channel": (("channel_id",), ("style",)),
    "team": (("team_id",), ("style",)),
    "emoji": (("name",), ("unicode", "skin_tone", "style", "display_url", "display_team_id")),
    "broadcast": (("range",), ("style",)),
    "color": (("value",), ("style",)),
    "date": (("timestamp", "format"), ("url", "fallback", "style")),
}
_RICH: dict[str, tuple[str, ...]] = {
    "rich_text_section": (),
    "rich_text_quote": ("border",),
    "rich_text_preformatted": ("border", "language"),
    "rich_text_list": ("border", "indent", "offset"),
}


def _check_style(piece: dict[str, Any], at: str) -> Faults:
    style, at = piece.get("style"), f"{at}/style"
    if style is None:
        return
    if not isinstance(style, dict):
        yield fault("must be an object", at)
        return
    yield from check_keys(style, at, _STYLES)
    for name, value in style.items():
        if not isinstance(value, bool):
            yield fault("must be a boolean", f"{at}/{name}")


def _check_piece(piece: dict[str, Any], at: str, allowed: Iterable[str]) -> Faults:
    kind = piece.get("type")
    if not isinstance(kind, str) or kind not in set(allowed):
        yield fault(f"unsupported type: {kind}", f"{at}/type")
        return
    required, known = _PIECES[kind]
    yield from check_keys(piece, at, known, required)
    yield from _check_style(piece, at)
    for name in required:
        if piece.get(name) is not None and name != "timestamp":
            yield from check_string(piece[name], f"{at}/{name}", 40_000)
    if kind == "link":
        yield from check_url(piece.get("url"), f"{at}/url")
        if "text" in piece:
            yield from check_string(piece["text"], f"{at}/text", 40_000)
    if kind == "broadcast":
        yield from check_one_of(piece.get("range"), f"{at}/range", ["here", "channel", "everyone"])


def _check_rich_list(element: dict[str, Any], at: str) -> Faults:
    yield from check_one_of(element.get("style"), f"{at}/style", ["bullet", "ordered"])
    for section, place in objects(element.get("elements"), f"{at}/elements"):
        yield from _check_rich(section, place, ["rich_text_section"])


def _check_rich(element: dict[str, Any], at: str, allowed: Iterable[str]) -> Faults:
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in set(allowed):
        yield fault(f"unsupported type: {kind}", f"{at}/type")
        return
    is_list = kind == "rich_text_list"
    yield from check_keys(element, at, [*_RICH[kind], *(["style"] if is_list else [])], ["elements"])
    yield from check_items(element.get("elements"), f"{at}/elements", 10_000)
    for name in {"border", "indent", "offset"} & set(element):
        if not isinstance(element[name], int):
            yield fault("must be an integer", f"{at}/{name}")
    if is_list:
        yield from _check_rich_list(element, at)
        return
    pieces = ["text", "link"] if kind == "rich_text_preformatted" else list(_PIECES)
    for piece, place in objects(element.get("elements"), f"{at}/elements"):
        yield from _check_piece(piece, place, pieces)


def check_rich_text(block: dict[str, Any], at: str) -> Faults:
    """Check the sections, quotes, lists and code of a rich text block."""
    yield from check_keys(block, at, ["block_id"], ["elements"])
    yield from check_items(block.get("elements"), f"{at}/elements", 10_000)
    for element, place in objects(block.get("elements"), f"{at}/elements"):
        yield from _check_rich(element, place, _RICH)
