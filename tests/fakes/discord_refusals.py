"""How Discord says no: a status, a code, a sentence, and for a form the faults by field.

Codes and sentences: Discord's documentation, topics/opcodes-and-status-codes (JSON error codes) and reference
(Error Messages); the names of faults in a form are those the API answers with.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class Refusal(Exception):  # noqa: N818 -- it is an answer, not a defect
    """An answer of 400 or above."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message} {errors or ''}")
        self.status = status
        self.body: Json = {"message": message, "code": code} | ({"errors": errors} if errors else {})


def unauthorized() -> Refusal:
    """Refuse a wrong token."""
    return Refusal(401, 0, "401: Unauthorized")


def unknown(what: str) -> Refusal:
    """Refuse what is not there."""
    codes = {
        "Channel": 10003,
        "Guild": 10004,
        "Member": 10007,
        "Message": 10008,
        "User": 10013,
        "Webhook": 10015,
        "Interaction": 10062,
    }
    return Refusal(404, codes[what], f"Unknown {what}")


def no_access() -> Refusal:
    """Refuse what the bot cannot see."""
    return Refusal(403, 50001, "Missing Access")


def no_permission() -> Refusal:
    """Refuse what the bot may not do."""
    return Refusal(403, 50013, "Missing Permissions")


class Form:
    """A payload's faults, gathered field by field and refused together, as Discord does."""

    def __init__(self) -> None:
        self._errors: Json = {}

    def fault(self, where: tuple[str | int, ...], code: str, message: str) -> None:
        """Note a fault at a place of the payload."""
        place = self._errors
        for step in where:
            place = place.setdefault(str(step), {})
        place.setdefault("_errors", []).append({"code": code, "message": message})

    def text(self, where: tuple[str | int, ...], value: object, most: int, least: int = 0) -> str:
        """Take a text of `least` to `most` characters, without the white space around it, which Discord trims first."""
        if value is None and not least:
            return ""
        if not isinstance(value, str):
            code = "BASE_TYPE_REQUIRED" if value is None else "STRING_TYPE_CONVERT"
            self.fault(where, code, "This field is required" if value is None else "Could not interpret it as string.")
            return ""
        trimmed = value.strip()
        if least and not trimmed:
            self.fault(where, "BASE_TYPE_REQUIRED", "This field is required")
        elif least and not least <= len(trimmed) <= most:
            self.fault(where, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(trimmed) > most:
            self.fault(where, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        return trimmed

    def rows(self, where: tuple[str | int, ...], value: object, most: int, least: int = 0) -> list[Json]:
        """Take a list of `least` to `most` objects."""
        if value is None:
            value = []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fault(where, "LIST_TYPE_CONVERT", "Only iterables of objects may be used here.")
            return []
        if not least <= len(value) <= most:
            bounds = f"Must be between {least} and {most}" if least else f"Must be {most} or fewer"
            self.fault(where, "BASE_TYPE_BAD_LENGTH" if least else "BASE_TYPE_MAX_LENGTH", f"{bounds} in length.")
        return value

    def choice(self, where: tuple[str | int, ...], value: object, allowed: tuple[object, ...]) -> None:
        """Take one of the values allowed."""
        if value not in allowed:
            listed = ", ".join(str(one) for one in allowed)
            self.fault(where, "BASE_TYPE_CHOICES", f"Value must be one of {{{listed}}}.")

    def url(self, where: tuple[str | int, ...], value: object, schemes: tuple[str, ...], most: int = 2048) -> None:
        """Take an address of one of the schemes."""
        address = self.text(where, value, most, least=1)
        scheme, colon, rest = address.partition("://")
        if address and not (colon and rest and scheme.isalnum() and not any(c.isspace() for c in address)):
            self.fault(where, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
        elif address and scheme.lower() not in schemes:
            self.fault(where, "URL_TYPE_INVALID_SCHEME", f'Scheme "{scheme}" must be one of {schemes}.')

    def close(self) -> None:
        """Refuse the payload if a fault was found in it."""
        if self._errors:
            raise Refusal(400, 50035, "Invalid Form Body", self._errors)
