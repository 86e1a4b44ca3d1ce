from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "haiheng.staff"
    verbose_name = _("Staff area")
    default = True


class StaffAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site class as `admin.site`."""

    default = False
    default_site = "haiheng.staff.site.StaffAdminSite"
