"""The mail server of the test mailbox: takes mail by SMTP, as mail programs send it, and lays it into Dovecot."""

import asyncio
import email.utils
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.imap import ImapServer
from tests.support.smtp import free_port


class Exchange:
    def __init__(self, mailbox: ImapServer) -> None:
        self.mailbox = mailbox
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=20)
        self._controller.start()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        now = email.utils.formatdate()
        trace = f"Return-Path: <{envelope.mail_from}>\r\nReceived: by mx.haiheng.example; {now}\r\n"
        await asyncio.to_thread(self.mailbox.deliver, trace.encode() + envelope.content)
        return "250 OK"

    def stop(self) -> None:
        self._controller.stop()
