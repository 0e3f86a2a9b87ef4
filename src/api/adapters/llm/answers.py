"""Read JSON out of what a model said, and believe none of it yet."""

import json
import re
from typing import Any, Final, NoReturn

MAX_CHARACTERS: Final = 200_000
_FENCE: Final = "```"
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


class Malformed(Exception):
    """The answer hasn't the form that was asked for. The message may be shown to the model."""


def decode(text: str) -> Any:
    """Return the first JSON object in *text*: bare, fenced, or after thoughts and pleasantries.

    Takes time linear in its length.

    Raises:
        Malformed: there is none, it is larger than 200,000 characters, names a key twice, or
            holds what JSON has no word for.

    """
    if len(text) > MAX_CHARACTERS:
        raise Malformed(f"The answer is longer than {MAX_CHARACTERS} characters.")
    said = text.rpartition("</think>")[2]
    fenced = said.partition(_FENCE)[2].partition(_FENCE)[0]
    body = fenced if "{" in fenced else said
    start = body.find("{")
    if start < 0:
        raise Malformed("The answer holds no JSON object.")
    decoder = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse)
    try:
        return decoder.raw_decode(body, start)[0]
    except (ValueError, RecursionError):
        raise Malformed("The answer is not valid JSON.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("The answer names a key twice.")
    return found


def _refuse(constant: str) -> NoReturn:
    raise Malformed(f"The answer holds {constant}.")


def is_clean(text: str) -> bool:
    """Tell whether *text* can be stored: no lone surrogates, no NUL."""
    return _UNSTORABLE.search(text) is None
