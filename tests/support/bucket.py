"""A bucket on this machine: as much of S3 as a backup needs, in memory, addressed by its path (/bucket/name)."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Store:
    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    # Answered instead of what was asked for.
    refuse: int = 0
    parts: dict[str, bytes] = field(default_factory=dict)


class _Server(ThreadingHTTPServer):
    store: Store


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        files = self.server.store.files
        if "list-type" in self.query:
            names = [key for key in files if key.startswith(self.query.get("prefix", [""])[0])]
            keys = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in names)
            self.answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{keys}</ListBucketResult>".encode())
        elif self.key in files:
            data = files[self.key]
            found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            start, stop = (int(found[1]), int(found[2] or len(data) - 1) + 1) if found else (0, len(data))
            self.answer(206 if found else 200, data[start:stop])
        else:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    do_HEAD = do_GET  # noqa: N815

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if "partNumber" in self.query:
            self.server.store.parts[self.query["partNumber"][0].zfill(6)] = data
        else:
            self.server.store.files[self.key] = data
        self.answer(200, b"")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "uploads" in self.query:
            self.answer(200, b"<Started><UploadId>1</UploadId></Started>")
        else:
            parts = self.server.store.parts
            self.server.store.files[self.key] = b"".join(parts[number] for number in sorted(parts))
            self.answer(200, b"<Completed/>")

    def do_DELETE(self) -> None:
        self.server.store.files.pop(self.key, None)
        self.answer(204, b"")

    def parse_request(self) -> bool:
        parsed = super().parse_request()
        parts = urlsplit(self.path)
        self.query = parse_qs(parts.query, keep_blank_values=True)
        self.key = unquote(parts.path).lstrip("/").partition("/")[2]
        return parsed

    def answer(self, status: int, body: bytes) -> None:
        if self.server.store.refuse:
            status, body = self.server.store.refuse, b"<Error><Code>AccessDenied</Code></Error>"
        self.send_response(status)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None: ...


@contextmanager
def bucket() -> Iterator[Store]:
    server = _Server(("127.0.0.1", 0), _Handler)
    url = f"s3+http://key:very%2Fsecret@127.0.0.1:{server.server_port}/bucket/site?style=path&region=x"
    server.store = Store(url)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
