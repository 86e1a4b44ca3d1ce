from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from haiheng.accounts.models import User


def staff_of(request: HttpRequest) -> User:
    """Who acts. The admin lets nobody else in; this says so to the types too."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
