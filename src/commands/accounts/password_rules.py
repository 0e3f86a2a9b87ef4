"""Which passwords are taken: by length and by how many others have chosen them, nothing else."""

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

from commands.accounts.refusals import PasswordTooCommon, PasswordTooLong, PasswordTooShort

SHORTEST: Final = 8
LONGEST: Final = 128
ORNAMENT: Final = re.compile(r"^[\W\d_]{0,4}(.*?)[\W\d_]{0,4}$", re.DOTALL)
"""What people put around a word to please a rule: `Password1!` is `password`."""

LOOKALIKES: Final = str.maketrans("@4301!$57", "aaeoiisst")


def normalised(password: str) -> str:
    """Return what is hashed: the same, however the keyboard composed it."""
    return unicodedata.normalize("NFKC", password)


def check_new_password(password: str, *, email: str) -> None:
    """Refuse a password that should not be chosen.

    Raises:
        PasswordTooShort, PasswordTooLong: not 8 to 128 characters.
        PasswordTooCommon: among the first that anybody tries, with or without a few digits or
            signs around it, or the e-mail address.

    """
    known = normalised(password)
    if len(known) < SHORTEST:
        raise PasswordTooShort
    if len(known) > LONGEST:
        raise PasswordTooLong
    if is_common(known) or known.casefold() == email.casefold():
        raise PasswordTooCommon


def is_common(password: str) -> bool:
    """Tell whether a password is one that is tried first."""
    plain = password.casefold()
    if len(set(plain)) <= 2 or plain in common_passwords():
        return True
    word = _bare(plain)
    guesses = {word, word.translate(LOOKALIKES), _bare(plain.translate(LOOKALIKES))}
    return not guesses.isdisjoint(common_passwords())


def _bare(password: str) -> str:
    found = ORNAMENT.match(password)
    return found[1] if found else password


@cache
def common_passwords() -> frozenset[str]:
    """Return the words and runs of keys that common passwords are made of, in lower case."""
    text = (files("commands.accounts") / "common_passwords.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip())
