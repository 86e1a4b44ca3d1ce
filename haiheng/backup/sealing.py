"""Encryption in the format of age (age-encryption.org), which the program of that name opens without us.

It is authenticated piece by piece, and streams. The library pulls from one file and pushes into another, so it works
in a thread of its own, at the other end of a pipe.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pyrage

from haiheng.backup.parts import BackupError

SECRET, PUBLIC = "AGE-SECRET-KEY-1", "age1"
_SEAL = b"age-encryption.org/v1\n"
_CHUNK = 1024 * 1024


def new_key() -> tuple[str, str]:
    """A key that opens backups, and the one that only makes them."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def is_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SEAL)) == _SEAL


@contextmanager
def sealed(out: IO[bytes], key: str) -> Iterator[IO[bytes]]:
    """A stream whose bytes come out encrypted in `out`; without a key as they are."""
    if not key:
        yield out
        return
    recipient = _recipient(key)

    def encrypt(source: IO[bytes]) -> None:
        # The library passes on a text where the disk is full; the reason itself is wanted.
        noting = _Noting(out)
        try:
            pyrage.encrypt_io(source, noting, [recipient])
        except pyrage.EncryptError as error:
            raise noting.failure or error from None

    with _pipe(encrypt, write=True) as stream:
        yield stream


@contextmanager
def opened(path: Path, key: str) -> Iterator[IO[bytes]]:
    """The backup's own bytes; a wrong key and every change of the file raise BackupError."""
    with path.open("rb") as file:
        if not is_sealed(path):
            yield file
            return
        identity = _identity(key)
        with _pipe(lambda target: pyrage.decrypt_io(file, target, [identity]), write=False) as stream:
            yield stream


class _Noting:
    """A file that remembers why it could not be written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.failure = error
            raise

    def flush(self) -> None:
        self._file.flush()


def _recipient(key: str) -> "pyrage.x25519.Recipient":
    if key.startswith(SECRET):
        return _identity(key).to_public()
    with _no_key():
        return pyrage.x25519.Recipient.from_str(key)


def _identity(key: str) -> "pyrage.x25519.Identity":
    if not key.startswith(SECRET):
        raise BackupError(f"The backup is encrypted: set BACKUP_KEY to the key that opens it ({SECRET}…).")
    with _no_key():
        return pyrage.x25519.Identity.from_str(key)


@contextmanager
def _no_key() -> Iterator[None]:
    try:
        yield
    except (pyrage.IdentityError, pyrage.RecipientError):
        raise BackupError("BACKUP_KEY is no key. Make one with: manage.py backup --new-key") from None


@contextmanager
def _pipe(work: Callable[[IO[bytes]], object], *, write: bool) -> Iterator[IO[bytes]]:
    """This end of a pipe, to write into or to read from, while `work` has the other one."""
    reading, writing = (os.fdopen(end, mode) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
    ours, theirs = (writing, reading) if write else (reading, writing)
    failures: list[Exception] = []

    def run() -> None:
        with suppress(BrokenPipeError), theirs:
            try:
                work(theirs)
            except Exception as error:
                # Noted before the pipe ends: who sees the end sees the reason, too.
                failures.append(error)

    thread = threading.Thread(target=run, name="encryption", daemon=True)
    thread.start()
    try:
        yield ours
        if not write:
            # The last piece tells whether any is missing.
            while ours.read(_CHUNK):
                pass
    except Exception:
        if failures:
            raise _told(failures[0]) from failures[0]
        raise
    finally:
        with suppress(BrokenPipeError):
            ours.close()
        thread.join()
    if failures:
        raise _told(failures[0]) from failures[0]


def _told(error: Exception) -> Exception:
    # What comes from the system has a number.
    if isinstance(error, pyrage.DecryptError) or (isinstance(error, OSError) and error.errno is None):
        return BackupError("The backup cannot be decrypted: BACKUP_KEY is another one, or the file is damaged.")
    return error
