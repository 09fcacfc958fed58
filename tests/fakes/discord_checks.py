"""What Discord takes in a message, a first response and a list of choices, and what it refuses.

Numbers: Discord's documentation, resources/message (embed limits, allowed mentions, nonce) and
interactions/receiving-and-responding (callback data, deferrals, autocomplete). Characters are code points.
"""

from __future__ import annotations

from datetime import datetime

from tests.fakes.discord_components import V2, check_components
from tests.fakes.discord_refusals import Form, Json, Refusal

EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_EMBEDS = 1 << 2
SUPPRESS_NOTIFICATIONS = 1 << 12
SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | V2

MOST_CONTENT = 2000
MOST_EMBEDS = 10
MOST_EMBED_TEXT = 6000
MOST_NONCE = 25
MOST_CHOICES = 25

ANSWERS = {2: (4, 5, 9), 3: (4, 5, 6, 7, 9), 4: (8,)}  # interaction type -> types of first response


def check_message(payload: Json, *, flags: int = 0, others: bool = False) -> None:
    """Refuse a message as Discord would; `others` tells that it holds a file, a sticker or a poll.

    Raises:
        Refusal: 400, code 50035 with the faults by field, or 50006 for an empty message.
    """
    form = Form()
    content = form.text(("content",), payload.get("content"), MOST_CONTENT)
    embeds = form.rows(("embeds",), payload.get("embeds"), MOST_EMBEDS)
    written = sum(_check_embed(form, ("embeds", number), embed) for number, embed in enumerate(embeds))
    if written > MOST_EMBED_TEXT:
        form.fault(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MOST_EMBED_TEXT}")
    is_v2 = bool(flags & V2)
    check_components(form, payload.get("components"), is_v2=is_v2)
    if is_v2:
        for field in ("content", "embeds", "poll", "sticker_ids"):
            if payload.get(field):
                code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
                form.fault((field,), code, f"The '{field}' field cannot be used with IS_COMPONENTS_V2")
    _check_nonce(form, payload.get("nonce"))
    _check_allowed_mentions(form, payload.get("allowed_mentions"))
    form.close()
    if not (content or others or any(map(_shows, embeds)) or payload.get("components")):
        raise Refusal(400, 50006, "Cannot send an empty message")


def check_deferral(data: Json) -> None:
    """Refuse every flag but the one that makes the coming answer private."""
    if int(data.get("flags") or 0) & ~EPHEMERAL:
        form = Form()
        form.fault(("data", "flags"), "MESSAGE_FLAGS_INVALID", "Only EPHEMERAL may be set on a deferral.")
        form.close()


def check_answer_type(asked: int, answered: object) -> None:
    """Refuse a first response that an interaction of this type cannot have."""
    form = Form()
    form.choice(("type",), answered, ANSWERS[asked])
    form.close()


def check_choices(data: Json, kind: int) -> list[Json]:
    """Give the choices of an autocomplete answer for an option of a kind (3 text, 4 integer, 10 number)."""
    form = Form()
    choices = form.rows(("data", "choices"), data.get("choices"), MOST_CHOICES)
    for number, choice in enumerate(choices):
        where = ("data", "choices", number)
        form.text((*where, "name"), choice.get("name"), 100, least=1)
        if kind == 3:
            form.text((*where, "value"), choice.get("value"), 100, least=1)
        elif not isinstance(choice.get("value"), int if kind == 4 else int | float):
            form.fault((*where, "value"), "NUMBER_TYPE_COERCE", "Value is not a number.")
    form.close()
    return choices


def _check_embed(form: Form, where: tuple[str | int, ...], embed: Json) -> int:
    """Check an embed and count the characters that go into the sum of all embeds."""
    texts = [
        form.text((*where, "title"), embed.get("title"), 256),
        form.text((*where, "description"), embed.get("description"), 4096),
        form.text((*where, "footer", "text"), (embed.get("footer") or {}).get("text"), 2048),
        form.text((*where, "author", "name"), (embed.get("author") or {}).get("name"), 256),
    ]
    for number, field in enumerate(form.rows((*where, "fields"), embed.get("fields"), 25)):
        texts.append(form.text((*where, "fields", number, "name"), field.get("name"), 256, least=1))
        texts.append(form.text((*where, "fields", number, "value"), field.get("value"), 1024, least=1))
    for place in ((), ("author",), ("footer",), ("image",), ("thumbnail",)):
        _check_addresses(form, (*where, *place), embed.get(place[0]) if place else embed)
    colour = embed.get("color")
    if colour is not None and not (isinstance(colour, int) and 0 <= colour <= 0xFFFFFF):
        form.fault((*where, "color"), "NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215.")
    _check_timestamp(form, (*where, "timestamp"), embed.get("timestamp"))
    return sum(map(len, texts))


def _check_addresses(form: Form, where: tuple[str | int, ...], holder: Json | None) -> None:
    for field in ("url", "icon_url"):
        if holder and holder.get(field):
            form.url((*where, field), holder[field], ("http", "https", "attachment"))


def _check_timestamp(form: Form, where: tuple[str | int, ...], value: object) -> None:
    if value is None:
        return
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        form.fault(where, "DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601.")


def _shows(embed: Json) -> bool:
    """Whether an embed has anything to show; a colour alone is nothing."""
    fields = ("title", "description", "fields", "footer", "author", "image", "thumbnail")
    return any(embed.get(field) for field in fields)


def _check_nonce(form: Form, nonce: object) -> None:
    if nonce is not None and len(str(nonce)) > MOST_NONCE:
        form.fault(("nonce",), "NONCE_TYPE_TOO_LONG", f"Nonce can not be longer than {MOST_NONCE} characters.")


def _check_allowed_mentions(form: Form, allowed: Json | None) -> None:
    """Refuse a kind both in `parse` and listed one by one, which exclude each other."""
    if allowed is None:
        return
    parse = allowed.get("parse") or []
    for number, kind in enumerate(parse):
        form.choice(("allowed_mentions", "parse", number), kind, ("roles", "users", "everyone"))
    for kind in ("users", "roles"):
        listed = allowed.get(kind) or []
        if listed and kind in parse:
            code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            form.fault(("allowed_mentions",), code, message)
        if len(listed) > 100:
            form.fault(("allowed_mentions", kind), "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
