"""What load balancers and monitors ask."""

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haiheng.health import metrics

logger = logging.getLogger("haiheng.health")


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _cache_answers() -> bool:
    key, value = "healthz", secrets.token_hex(4)
    cache.set(key, value, 30)
    return cache.get(key) is not None


def _data_is_writable() -> bool:
    probe = settings.DATA_DIR / f".healthz-{secrets.token_hex(4)}"
    probe.write_bytes(b"ok")
    probe.unlink()
    return True


# Told, but no reason to send visitors elsewhere; rooms above add theirs.
NOTES: dict[str, Callable[[], bool]] = {}
CHECKS = {"database": _database_answers, "cache": _cache_answers, "data": _data_is_writable}


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when pages can be made and enquiries kept, otherwise 503; reasons stand in the log only."""
    results: dict[str, str] = {}
    for name, check in {**CHECKS, **NOTES}.items():
        try:
            results[name] = "ok" if check() else "failed"
        except Exception:
            logger.warning("Health check failed: %s", name, exc_info=True)
            results[name] = "failed"
    healthy = all(results[name] == "ok" for name in CHECKS)
    return JsonResponse({"status": "ok" if healthy else "failed", **results}, status=200 if healthy else 503)


@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Queues and response times, for whoever has the token; where there is none, for this machine itself."""
    if not _may_read_figures(request):
        raise Http404
    return HttpResponse(metrics.written(), content_type=metrics.CONTENT_TYPE)


def _may_read_figures(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    # A proxy asks from this machine, too, but for others.
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"))
    return not forwarded and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as this process answers at all: a restart would not mend a missing database."""
    return JsonResponse({"status": "ok"})
