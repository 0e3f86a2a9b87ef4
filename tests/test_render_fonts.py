"""The private fontconfig: our fonts only, whatever the machine has."""

import os
import subprocess
from pathlib import Path

import pytest

from render.fonts import FontsMissing, font_environment, font_files, font_set


def families(cache_dir: Path) -> set[str]:
    environment = {"PATH": os.environ["PATH"], **font_environment(cache_dir)}
    listed = subprocess.run(
        ["python3", "-c", _LIST], env=environment, capture_output=True, text=True, check=True
    )
    return set(listed.stdout.splitlines())


_LIST = """
import ctypes
fc = ctypes.CDLL("libfontconfig.so.1")
fc.FcInitLoadConfigAndFonts.restype = ctypes.c_void_p
fc.FcConfigGetFonts.restype = ctypes.POINTER(
    type("Set", (ctypes.Structure,), {"_fields_": [
        ("count", ctypes.c_int), ("size", ctypes.c_int), ("fonts", ctypes.POINTER(ctypes.c_void_p))
    ]})
)
fonts = fc.FcConfigGetFonts(ctypes.c_void_p(fc.FcInitLoadConfigAndFonts()), 0).contents
name = ctypes.c_char_p()
for index in range(fonts.count):
    fc.FcPatternGetString(ctypes.c_void_p(fonts.fonts[index]), b"family", 0, ctypes.byref(name))
    print(name.value.decode())
"""


def test_fontconfig_sees_our_fonts_and_no_others(tmp_path: Path) -> None:
    assert families(tmp_path / "a & b") == {
        "Source Sans 3",
        "EB Garamond",
        "Noto Sans",
        "Noto Sans SC",
        "Noto Sans JP",
        "Noto Sans KR",
        "Open Sans",
    }


def test_the_configuration_is_written_once(tmp_path: Path) -> None:
    first = Path(font_environment(tmp_path)["FONTCONFIG_FILE"])
    written = first.stat()
    assert Path(font_environment(tmp_path)["FONTCONFIG_FILE"]) == first
    assert first.stat().st_mtime_ns == written.st_mtime_ns
    assert first.stat().st_ino == written.st_ino


def test_the_text_face_comes_in_four_styles_and_the_set_has_a_name() -> None:
    assert sum(path.name.startswith("SourceSans3-") for path in font_files()) == 4
    assert len(font_set()) == 8


def test_a_missing_family_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rendercv_fonts").mkdir()
    (tmp_path / "rendercv_fonts" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(FontsMissing, match="pip install rendercv-fonts"):
        font_files()
