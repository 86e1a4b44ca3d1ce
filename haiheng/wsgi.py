"""Server entry: Django's application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haiheng.settings")

application = get_wsgi_application()
