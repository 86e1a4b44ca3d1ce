"""A real IMAP server of one's own: Dovecot on a free port of this machine, one mailbox, any mail delivered at once."""

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.support.smtp import free_port

PASSWORD = "only-for-tests"
USER = "answers@haiheng.example"
_CONFIG = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 0
mail_location = maildir:{root}/mail/%u
mail_uid = {user}
mail_gid = {group}
auth_mechanisms = plain login
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={root}/mail/%u
}}
service imap-login {{
  chroot =
  process_min_avail = 0
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class ImapServer:
    def __init__(self) -> None:
        # In /tmp: sockets have short names, and the server's user must be able to reach it.
        self.root = Path(tempfile.mkdtemp(prefix="haiheng-imap-", dir="/tmp"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._sequence = 0

    @property
    def url(self) -> str:
        user = USER.replace("@", "%40")
        return f"imap://{user}:{PASSWORD}@127.0.0.1:{self.port}"

    def start(self) -> None:
        user, group = _server_user()
        for folder in ("mail", "run", "state"):
            (self.root / folder).mkdir(exist_ok=True)
        if os.getuid() == 0:
            self.root.chmod(0o755)
            shutil.chown(self.root / "mail", user, group)
        config = self.root / "dovecot.conf"
        config.write_text(_CONFIG.format(root=self.root, port=self.port, user=user, group=group, password=PASSWORD))
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        self._process = subprocess.Popen([program, "-F", "-c", str(config)])
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise AssertionError(f"Dovecot does not answer: {(self.root / 'dovecot.log').read_text()[-2000:]}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=60)
            self._process = None

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def login(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=60)
        client.login(USER, PASSWORD)
        return client

    def deliver(self, *mails: bytes, folder: str = "INBOX") -> None:
        client = self.login()
        for mail in mails:
            kind, said = client.append(folder, "", "", mail)  # type: ignore[arg-type]
            assert kind == "OK", said
        client.logout()

    def empty(self) -> None:
        client = self.login()
        for folder in ("INBOX", "Read"):
            kind, (number,) = client.select(folder)
            if kind == "OK" and int(number or 0):
                client.store("1:*", "+FLAGS", "\\Deleted")
                client.expunge()
        client.logout()

    def count(self, folder: str = "INBOX") -> int:
        client = self.login()
        _kind, (number,) = client.select(folder, readonly=True)
        client.logout()
        return int(number or 0)

    def unseen(self) -> int:
        client = self.login()
        client.select("INBOX", readonly=True)
        _kind, (found,) = client.search(None, "UNSEEN")
        client.logout()
        return len(found.split())

    def recreate(self) -> None:
        """Number all mails anew, as after a restore from a backup."""
        self.stop()
        for name in (self.root / "mail" / USER).rglob("dovecot*"):
            if name.is_file():
                name.unlink()
        self.start()


def _server_user() -> tuple[str, str]:
    """As root, Dovecot drops to a user that owns nothing; anybody else runs it as himself."""
    if os.getuid() == 0:
        return "nobody", grp.getgrgid(pwd.getpwnam("nobody").pw_gid).gr_name
    person = pwd.getpwuid(os.getuid())
    return person.pw_name, grp.getgrgid(person.pw_gid).gr_name
