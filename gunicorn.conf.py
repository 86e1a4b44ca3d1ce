"""Settings of the web server; the numbers come from the same environment as the site's."""

import gc
import logging
import os
import socket
import struct
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haiheng.settings")
try:
    from haiheng import settings
except ImproperlyConfigured as error:
    sys.exit(f"Not started: {error}")

wsgi_app = "haiheng.wsgi:application"
bind = os.environ.get("BIND") or f"127.0.0.1:{settings.PORT}"
worker_class = "gthread"
workers = settings.WEB_CONCURRENCY
# Many threads, because a slow client holds one while it sends: sixty of them must not stop the site, even if one
# process accepted them all. Threads are made when needed.
threads = 64
worker_connections = 1000
# Below the 30 s after which most service managers kill.
graceful_timeout = 20
timeout = 60
keepalive = 5
# Sockets in the home directory are of no use here.
control_socket_disable = True
# Addresses with long Chinese slugs, percent-encoded; larger is an attack.
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 16380
# The site itself decides whom to believe (TRUSTED_PROXIES).
forwarded_allow_ips = ""
# A worker that starts over now and then gives back what leaked. Rarely: a start costs as much as thousands of pages
# from memory, and takes those pages along; memory is flat over many times the requests of a day (docs/performance.md).
max_requests = 500_000
max_requests_jitter = 50_000
errorlog = "-"
accesslog = None
logconfig_dict = {**settings.LOGGING, "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True}}}

# A client that sends nothing for so many seconds loses its thread.
SILENCE = 15


def _is_no_silence(record: logging.LogRecord) -> bool:
    """Slow clients are their own affair: no traceback for each of them."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))


def post_worker_init(worker: Any) -> None:
    # gunicorn's threads wait for ever for the rest of a request; connections inherit the listener's timeout.
    for listener in worker.sockets:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE, 0))
    logging.getLogger("gunicorn.error").addFilter(_is_no_silence)
    # What was loaded at the start stays for good: the garbage collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    # Nor often through what is made for one request and gone after it.
    gc.set_threshold(20_000, 10, 10)
