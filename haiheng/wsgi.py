"""Server entry: Django's application, and around it the cache of public pages."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haiheng.settings")


def make_application() -> Any:
    """Everything that a server calls."""
    inside = get_wsgi_application()
    # Settings and applications are there only now.
    from django.conf import settings

    from haiheng import visits
    from haiheng.pagecache.wsgi import PageCache

    if not settings.PAGE_CACHE_MB:
        return inside
    return PageCache(inside, record=visits.record, megabytes=settings.PAGE_CACHE_MB)


application = make_application()
