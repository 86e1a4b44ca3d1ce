"""Whom a member of staff may look after: nobody who may do more than he or she may."""

from django.contrib.auth.models import Group
from django.db.models import QuerySet

from haiheng.accounts.models import User


def may_look_after(actor: User, person: User) -> bool:
    """Tell whether the actor may change the person's record, password and roles."""
    if actor.is_superuser:
        return True
    return not person.is_superuser and _rights(person) <= actor.get_all_permissions()


def _rights(person: User) -> set[str]:
    # Somebody who is locked out now has his rights again once he is let in.
    awake = User(pk=person.pk, is_active=True)
    return awake.get_all_permissions()


def groups_to_give(actor: User) -> QuerySet[Group]:
    """Roles and groups that hold no right which the actor lacks."""
    groups = Group.objects.order_by("pk")
    if actor.is_superuser:
        return groups
    held = actor.get_all_permissions()
    beyond = [
        group.pk
        for group in groups.prefetch_related("permissions__content_type")
        if any(f"{each.content_type.app_label}.{each.codename}" not in held for each in group.permissions.all())
    ]
    return groups.exclude(pk__in=beyond)
