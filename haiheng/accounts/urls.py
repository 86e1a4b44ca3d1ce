"""Sign-in and account pages of staff, all below /admin/: the library's views that we want, and no others."""

from allauth.account import views as account
from allauth.usersessions import views as usersessions
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from haiheng.accounts import views

urlpatterns = [
    # In the place of the admin's own pages, so that its links lead here.
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("language/", views.choose_language, name="account_language"),
    path("account/", views.account, name="account_overview"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path("account/password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "account/password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/sessions/", usersessions.list_usersessions, name="usersessions_list"),
    path("account/two-step/", include("allauth.mfa.urls")),
]
