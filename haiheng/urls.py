"""The site's map: the only place that lists all participants."""

from django.contrib import admin
from django.urls import include, path

from haiheng.health import views as health

urlpatterns = [
    path("media/", include("haiheng.uploads.urls")),
    # For machines.
    path("healthz", health.ready, name="healthz"),
    path("healthz/live", health.live, name="healthz_live"),
    # For staff.
    path("admin/", admin.site.urls),
]
