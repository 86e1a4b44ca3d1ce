"""Members of staff for tests."""

from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

from haiheng.accounts.models import User

PASSWORD = "a-bus-on-its-ruler-1284"
SIGN_IN = "/admin/login/"


def make_staff(username: str = "li", **fields: Any) -> User:
    values = {"email": f"{username}@example.com", "is_staff": True, **fields}
    user: User = get_user_model().objects.create_user(username, password=PASSWORD, **values)
    return user


def sign_in(client: Client, login: str = "li", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(SIGN_IN, {"login": login, "password": password}, **extra)


def signed_in(client: Client) -> bool:
    return bool(client.get("/admin/").status_code == 200)
