"""The fonts we render with: which they are, and a private fontconfig that sees no others.

They come from the package `rendercv-fonts`. Fonts of the machine are never used, so that the
same resume gives the same pages everywhere.
"""

import ctypes
import hashlib
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

FONT_PACKAGE = "rendercv_fonts"
FAMILIES = ("Source Sans 3", "EB Garamond", "Noto Sans", "Open Sans")
"""Folders of the package: text, plain and with serifs; Chinese to Devanagari; Hebrew."""

SUBSET_WARNING = (
    "libharfbuzz-subset is not installed, so every PDF takes about ten times as long. "
    "On Debian and Ubuntu: apt-get install libharfbuzz-subset0"
)


class FontsMissing(Exception):
    """There is nothing to write text with. The message says what to install."""


def font_files() -> tuple[Path, ...]:
    """Return the font files we render with, in a fixed order.

    Raises:
        FontsMissing: the font package isn't there or lacks a family.

    """
    spec = find_spec(FONT_PACKAGE)
    roots = (spec.submodule_search_locations if spec else None) or []
    files: list[Path] = []
    for family in FAMILIES:
        found = [path for root in roots for path in Path(root, family).glob("*.[ot]tf")]
        if not found:
            raise FontsMissing(
                f"The fonts of {family} are missing. Install them with: pip install rendercv-fonts"
            )
        files.extend(sorted(found))
    return tuple(files)


@cache
def covered() -> frozenset[int]:
    """Return every character that a font of ours has a glyph for. Takes 0.3 s the first time.

    Raises:
        FontsMissing: see `font_files`.

    """
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 - serving needs none of it

    found: set[int] = set()
    for path in font_files():
        if path.stem.endswith("-Regular"):
            # One that is broken is told of by who sets text with it.
            with suppress(TTLibError), TTFont(path, lazy=True) as font:
                found.update(font.getBestCmap())
    return frozenset(found)


@cache
def font_set() -> str:
    """Return a digest of all fonts we render with. Reads 48 MB the first time: about 0.1 s.

    Raises:
        FontsMissing: see `font_files`.

    """
    digest = hashlib.sha256()
    for path in font_files():
        with path.open("rb") as file:
            digest.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:8]


def font_environment(cache_dir: Path) -> dict[str, str]:
    """Return the environment variables that confine fontconfig to our fonts.

    Writes a configuration into *cache_dir*, beside which fontconfig keeps its cache; the folder is
    made if need be. The variables must be set before WeasyPrint is imported.

    Raises:
        FontsMissing: see `font_files`.

    """
    folders = dict.fromkeys(path.parent for path in font_files())
    config = _CONFIG.format(
        folders="\n".join(f"  <dir>{escape(str(folder))}</dir>" for folder in folders),
        cache=escape(str(cache_dir.resolve() / "fontconfig")),
    ).encode()
    cache_dir.mkdir(parents=True, exist_ok=True)
    file = cache_dir.resolve() / f"fonts-{hashlib.sha256(config).hexdigest()[:8]}.conf"
    if not file.exists() or file.read_bytes() != config:
        _replace(file, config)
    return {"FONTCONFIG_FILE": str(file)}


def use_fonts(cache_dir: Path) -> None:
    """Confine this process to our fonts. Only before WeasyPrint is imported.

    Raises:
        FontsMissing: see `font_files`.

    """
    for name in ("FONTCONFIG_PATH", "FONTCONFIG_SYSROOT", "FC_LANG"):
        os.environ.pop(name, None)
    os.environ.update(font_environment(cache_dir))


def is_confined(environment: Mapping[str, str]) -> bool:
    """Tell whether *environment* confines fontconfig to our fonts."""
    file = Path(environment.get("FONTCONFIG_FILE", ""))
    return file.is_file() and _MARK in file.read_text(encoding="utf-8")


def can_subset() -> bool:
    """Tell whether fonts are cut down by native code (see `SUBSET_WARNING`)."""
    try:
        ctypes.CDLL("libharfbuzz-subset.so.0")
    except OSError:
        return False
    return True


def _replace(file: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    with os.fdopen(handle, "wb") as temporary:
        temporary.write(content)
    Path(name).replace(file)


_MARK = "Refolio: only the fonts below"

_CONFIG = f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<!-- {_MARK} -->
<fontconfig>
{{folders}}
  <cachedir>{{cache}}</cachedir>
  <alias binding="same">
    <family>sans-serif</family>
    <prefer><family>Source Sans 3</family></prefer>
  </alias>
  <match target="pattern">
    <edit name="lang" mode="assign"><string>und</string></edit>
  </match>
</fontconfig>
"""
