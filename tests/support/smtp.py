"""A real SMTP server that keeps what it receives."""

import email
import email.policy
import socket
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller


class Sink:
    """Receives mail on a port of its own; `answer` may be set to any SMTP reply instead of acceptance."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.senders: list[str] = []
        self.recipients: list[list[str]] = []
        self.answer = "250 OK"
        self.port = 0
        self._controller: Controller | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answer.startswith("250"):
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.senders.append(envelope.mail_from)
            self.recipients.append(list(envelope.rcpt_tos))
            self.mails.append(cast("EmailMessage", message))
        return self.answer

    def start(self) -> None:
        """Listen; after a stop, on the same port as before."""
        if self._controller is None:
            self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=20)
            if not self.port:
                self._controller.port = self.port = free_port()
            self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def clear(self) -> None:
        self.answer = "250 OK"
        for kept in (self.mails, self.senders, self.recipients):
            kept.clear()

    def wait_for(self, wanted: Callable[[EmailMessage], bool], seconds: float = 60) -> EmailMessage:
        """Return the first mail that fits; fail after the given time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for mail in list(self.mails):
                if wanted(mail):
                    return mail
            time.sleep(0.05)
        raise AssertionError(f"No such mail in {seconds} s; received: {[mail['subject'] for mail in self.mails]}")


def free_port() -> int:
    """Return a port nobody listens on, as the kernel gives it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
