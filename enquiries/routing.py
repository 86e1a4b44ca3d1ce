"""Who gets a new enquiry, by the rules that staff made. No rule, or none that fits: it waits for whoever takes it."""

from datetime import timedelta

from django.db.models import Max
from django.utils import timezone

from enquiries import handling
from enquiries.models import AssignmentRule, Enquiry, Message, Presence
from haiheng.accounts.models import User

# Who has had an enquiry open within this time is at work.
AT_WORK = timedelta(hours=1)


def route(enquiry: Enquiry) -> Message | None:
    """Assign it by the first rule that names somebody who works here; the event says which rule it was."""
    for rule in AssignmentRule.objects.filter(in_use=True).select_related("assignee", "category"):
        person = _named(rule, enquiry)
        if person is not None and person.may_work:
            return handling.assign(enquiry, person, by=None, rule=str(rule))
    return None


def _named(rule: AssignmentRule, enquiry: Enquiry) -> User | None:
    match rule.kind:
        case AssignmentRule.Kind.CONTACT:
            earlier = Enquiry.objects.filter(contact=enquiry.contact_id, assignee__is_active=True)
            last = earlier.exclude(pk=enquiry.pk).select_related("assignee").order_by("-received_at").first()
            return last.assignee if last else None
        case AssignmentRule.Kind.LANGUAGE:
            return rule.assignee if rule.language == enquiry.language else None
        case AssignmentRule.Kind.CATEGORY if rule.category is not None:
            below = rule.category.descendants(include_self=True).values_list("pk", flat=True)
            fits = enquiry.lines.filter(product__category__in=list(below)).exists()
            return rule.assignee if fits else None
        case AssignmentRule.Kind.TURNS:
            return _next_in_turn()
    return None


def _next_in_turn() -> User | None:
    """Among those at work, whoever got an enquiry longest ago."""
    present = Presence.objects.filter(seen_at__gt=timezone.now() - AT_WORK).values("user")
    people = User.objects.filter(pk__in=present, is_active=True, is_staff=True)
    ordered = people.annotate(last=Max("enquiries__received_at")).order_by("last", "pk")
    waiting = ordered.filter(last=None).first()
    return waiting or ordered.first()
