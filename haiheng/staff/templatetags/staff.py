"""What Django's pages leave in English or unsaid."""

import re

from django import template
from django.contrib.admin.views.main import ChangeList
from django.template.defaultfilters import stringfilter
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from haiheng.staff.empty_lists import SENTENCES

register = template.Library()
# As Django writes its pictures for yes, no and unknown; its own catalogue has the words.
SIGN = re.compile(r'(admin/img/icon-(?:yes|no|unknown)[^"]*" alt=)"(True|False|None)"')
WORDS = {"True": "Yes", "False": "No", "None": "Unknown"}


@register.filter
@stringfilter
def spoken_signs(html: str) -> SafeString:
    """Say “Yes” and “No” in the reader's language where Django's pictures say True and False."""
    spoken = SIGN.sub(lambda found: f'{found[1]}"{escape(_(WORDS[found[2]]))}"', html)
    return mark_safe(spoken)  # noqa: S308 - a part of a page that was made safe already


@register.simple_tag
def empty_sentence(cl: ChangeList) -> str:
    """What would stand in this list."""
    sentence = SENTENCES.get(cl.opts.label)
    return str(sentence) if sentence else _("Nothing here yet.")
