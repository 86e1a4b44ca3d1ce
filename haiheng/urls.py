"""The site's map: the only place that lists all participants."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("media/", include("haiheng.uploads.urls")),
    path("admin/", admin.site.urls),
]
