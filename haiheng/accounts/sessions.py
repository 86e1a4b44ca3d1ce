"""How long staff stay signed in."""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
# Seconds between two writes of "seen": every click of the inbox would write otherwise.
STEP = 60


def begin(session: SessionBase) -> None:
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())


def is_over(session: SessionBase) -> bool:
    """Tell whether the session has been idle, or has lasted, for longer than the settings allow."""
    now = time.time()
    signed_in, seen = session.get(SIGNED_IN_AT), session.get(SEEN_AT)
    if signed_in is None or seen is None:
        return True
    return bool(now - seen > settings.SESSION_IDLE_MINUTES * 60 or now - signed_in > settings.SESSION_HOURS * 3600)


def touch(request: HttpRequest) -> None:
    now = int(time.time())
    if now - request.session[SEEN_AT] >= STEP:
        request.session[SEEN_AT] = now
        UserSession.objects.create_from_request(request)


def end_all(user_pk: int) -> int:
    """Sign somebody out everywhere; return how many sessions were ended."""
    found = list(UserSession.objects.filter(user_id=user_pk))
    for session in found:
        session.end()
    return len(found)
