import pytest
from django.db import IntegrityError

from haiheng.accounts.models import User


@pytest.mark.django_db
def test_two_members_of_staff_never_share_an_address_whatever_wrote_it():
    User.objects.create_user("lin", "lin@example.com")
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(username="li", email="Lin@example.com")])


@pytest.mark.django_db
def test_several_members_of_staff_may_have_no_address():
    for name in ("lin", "li"):
        User.objects.create_user(name)
    assert User.objects.filter(email="").count() == 2
