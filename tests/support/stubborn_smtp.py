"""A real SMTP server that does what a test wants."""

import asyncio
import email
import email.policy
import socket
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Received:
    sender: str
    recipients: list[str]
    message: EmailMessage
    content: bytes


@dataclass
class Sink:
    """Answers as its fields say; `received` holds what it took."""

    answer_data: str = "250 OK"
    answers_to: dict[str, str] = field(default_factory=dict)
    answer_null_sender: str = ""
    answer_hello: str = ""
    hang_in_data: bool = False
    break_off_after_data: bool = False
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    seen_ids: list[str] = field(default_factory=list)

    def start(self, port: int = 0) -> "Sink":
        sink = self

        class Server(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                sink.connections += 1
                super().connection_made(transport)

        class SinkController(Controller):
            def factory(self) -> SMTP:
                return Server(self.handler, enable_SMTPUTF8=True, hostname="sink")

        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            self.port = probe.getsockname()[1]
        self._controller = SinkController(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        # Its own check that it runs.
        self.connections = 0
        return self

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [self.answer_hello] if self.answer_hello else responses

    async def handle_HELO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str
    ) -> str:
        session.host_name = hostname
        return self.answer_hello or "250 sink"

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == "<>" and self.answer_null_sender:
            return self.answer_null_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers_to.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = bytes(envelope.content or b"")
        message = email.message_from_bytes(content, policy=email.policy.default)
        self.seen_ids.append(str(message["Message-ID"]))
        if self.hang_in_data:
            await asyncio.sleep(30)
            return "451 too late"
        if self.answer_data.startswith("250"):
            self.received.append(
                Received(str(envelope.mail_from).strip("<>"), list(envelope.rcpt_tos), message, content)
            )
        if self.break_off_after_data:
            server.transport.abort()
        return self.answer_data


class Dawdler:
    """Sends its greeting a character a second: never silent, never done."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._stopping = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        client, _address = self._listener.accept()
        with client:
            while not self._stopping.wait(0.1):
                try:
                    client.sendall(b"2")
                except OSError:
                    return

    def stop(self) -> None:
        self._stopping.set()
        self._listener.close()
