from datetime import timedelta

import pytest
from django.utils import timezone

from haiheng.history import snapshots
from haiheng.publishing import working
from haiheng.publishing.models import WorkingCopy
from news.models import Article
from tests.factories import make_article


@pytest.mark.django_db
def test_a_copy_that_cannot_go_live_holds_up_no_other() -> None:
    article, now = make_article("Old"), timezone.now()
    content = snapshots.take(Article, article.pk)
    assert content is not None
    content["texts"]["en"]["title"] = "New"
    working.keep(article, content, None, now)
    earlier = now - timedelta(hours=1)
    WorkingCopy.objects.create(model="news.gone", object_id=1, base={}, content={}, publish_at=earlier)
    with pytest.raises(LookupError):
        working.publish_due()
    assert article.translations.get(language_code="en").title == "New"
