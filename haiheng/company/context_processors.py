from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from haiheng.company.models import CompanyProfile


def company(_request: HttpRequest) -> dict[str, object]:
    """`company` for templates; no query on a page that does not use it."""
    return {"company": SimpleLazyObject(CompanyProfile.load)}
