"""Ways out of the house: SMTP, files for a machine without a mail server, memory for tests."""

import contextlib
import ipaddress
import logging
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail as django_mail

from haiheng.mail.messages import Letter

logger = logging.getLogger(__name__)

# Recipient as told to the server → its answer.
Refusals = dict[str, tuple[int, bytes]]


class ConnectError(Exception):
    """The server could not be reached or would not have us; says nothing about the mail."""


class DeadlineError(Exception):
    """One attempt took longer than it may, however lively the server was."""


class Transport(Protocol):
    knows_utf8: bool

    def open(self) -> None: ...

    def send(self, letter: Letter, seconds: float) -> Refusals: ...

    def close(self) -> None: ...


def transport() -> Transport:
    kinds: dict[str, type[SmtpTransport] | type[FileTransport] | type[MemoryTransport]] = {
        "smtp": SmtpTransport,
        "files": FileTransport,
        "memory": MemoryTransport,
    }
    return kinds[settings.MAIL_TRANSPORT]()


class _CutOff:
    """Shuts a connection's socket when time is up: a timeout counts silence only, and a server may dawdle for ever."""

    def __init__(self) -> None:
        self.connection: smtplib.SMTP | None = None
        self.expired = False

    @contextlib.contextmanager
    def after(self, seconds: float) -> Iterator[None]:
        self.expired = False
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Exception as error:
            if self.expired:
                raise DeadlineError(f"{seconds:.0f} s") from error
            raise
        finally:
            timer.cancel()
        if self.expired and self.connection is not None:
            self.connection.close()

    def _cut(self) -> None:
        self.expired = True
        with contextlib.suppress(OSError):
            open_socket: socket.socket | None = getattr(self.connection, "sock", None)
            if open_socket is not None:
                open_socket.shutdown(socket.SHUT_RDWR)


class _Connection(smtplib.SMTP):
    def __init__(self, cut_off: _CutOff, **arguments: Any) -> None:
        # Known before connecting, so that a server that only dawdles its greeting is cut off, too.
        cut_off.connection = self
        super().__init__(**arguments)


class _TLSConnection(smtplib.SMTP_SSL):
    def __init__(self, cut_off: _CutOff, **arguments: Any) -> None:
        cut_off.connection = self
        super().__init__(**arguments, context=ssl.create_default_context())


class SmtpTransport:
    """One connection, used for as many mails as the server likes."""

    knows_utf8 = False

    def __init__(self) -> None:
        self._cut_off = _CutOff()
        self._connection: smtplib.SMTP | None = None

    def open(self) -> None:
        if self._connection is not None:
            return
        kind = _TLSConnection if settings.EMAIL_USE_SSL else _Connection
        try:
            with self._cut_off.after(settings.MAIL_DEADLINE_SECONDS / 2):
                connection = kind(
                    self._cut_off,
                    host=settings.EMAIL_HOST,
                    port=settings.EMAIL_PORT,
                    local_hostname=_own_name(),
                    timeout=settings.EMAIL_TIMEOUT,
                )
                if settings.EMAIL_USE_TLS:
                    connection.starttls(context=ssl.create_default_context())
                if settings.EMAIL_HOST_USER:
                    connection.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
                connection.ehlo_or_helo_if_needed()
        except Exception as error:
            # A host name that cannot be one ends up here as well: nothing here is the mail's fault.
            if self._cut_off.connection is not None:
                self._cut_off.connection.close()
            raise ConnectError from error
        self._connection = connection
        self.knows_utf8 = connection.has_extn("smtputf8")

    def send(self, letter: Letter, seconds: float) -> Refusals:
        """Hand the letter over; any error but a refusal of this one mail closes the connection."""
        if self._connection is None:
            raise ConnectError
        options = ["SMTPUTF8", "BODY=8BITMIME"] if letter.needs_utf8 else []
        refused: Refusals
        try:
            with self._cut_off.after(seconds):
                refused = self._connection.sendmail(letter.sender, letter.envelope(), letter.content(), options)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            # The server may have hung up with its answer (421).
            if self._connection.sock is None or isinstance(error, smtplib.SMTPDataError):
                self.close()
            raise
        except Exception:
            self.close()
            raise
        if self._cut_off.expired:
            self.close()
        return refused

    def close(self) -> None:
        if self._connection is None:
            return
        with contextlib.suppress(OSError, smtplib.SMTPException, DeadlineError), self._cut_off.after(5):
            self._connection.quit()
        self._connection.close()
        self._connection = None


class FileTransport:
    """Mails as .eml files, which every mail program opens, in DATA_DIR/mails."""

    knows_utf8 = True

    def open(self) -> None:
        self._folder = Path(settings.DATA_DIR) / "mails"
        self._folder.mkdir(parents=True, exist_ok=True)

    def send(self, letter: Letter, seconds: float) -> Refusals:
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1_000_000_000:09d}.eml"
        unfinished = self._folder / f".{name}"
        unfinished.write_bytes(letter.content())
        unfinished.rename(self._folder / name)
        logger.info("EMAIL_URL is not set: a mail was written to a file in DATA_DIR/mails", extra={"file": name})
        return {}

    def close(self) -> None:
        pass


class MemoryTransport:
    """Where Django's tests look for mails: `django.core.mail.outbox`."""

    knows_utf8 = True

    def open(self) -> None:
        if not hasattr(django_mail, "outbox"):
            django_mail.outbox = []

    def send(self, letter: Letter, seconds: float) -> Refusals:
        letter.content()
        django_mail.outbox.append(letter.message)
        return {}

    def close(self) -> None:
        pass


def _own_name() -> str:
    """How we greet the server: the site's name, not whatever the machine is called."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"
