"""People of every role, and one of each kind of thing in the admin, for tests."""

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enquiries.intake import Sent, receive
from enquiries.mailin import originals
from enquiries.models import AssignmentRule, Enquiry, Erasure, Fate, IncomingMail, SavedReply
from haiheng.accounts.models import User
from haiheng.company.models import CompanyProfile, Holiday
from haiheng.dashboard.models import Board
from haiheng.documents.models import Document
from haiheng.home.models import Block
from haiheng.images.models import Picture
from haiheng.importing.models import ImportRun
from haiheng.mail.models import OutgoingMail
from haiheng.redirects.models import FormerNumber, Pattern, Redirect, UnknownAddress
from haiheng.search.models import FailedSearch
from haiheng.visits.models import DailyViews, ViewCount
from news.models import Tag
from products.models import Category as ProductCategory
from products.models import Product, Remark, Specification, SpecificationChoice, SpecificationGroup
from tests.factories import make_article, make_category, make_page
from tests.haiheng.staff_cast import make_staff
from tests.support import admin_pages
from tests.support.letters import letter, raw

# The same words twice would be taken for one enquiry sent twice.
_numbers = count(4)


ROLE_OF_LETTER = {"E": "Editor", "S": "Sales", "M": "Manager"}
PEOPLE = ["nobody", "no role", "E", "S", "M", "A"]
LABELS = sorted(label for label, _admin in admin_pages.models())


def person(kind: str) -> User | None:
    if kind == "nobody":
        return None
    user = make_staff(f"person-{PEOPLE.index(kind)}", is_superuser=kind == "A")
    if kind in ROLE_OF_LETTER:
        user.groups.add(Group.objects.get(name=ROLE_OF_LETTER[kind]))
    return user


def browser(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def make_enquiry(**fields: Any) -> Enquiry:
    sent = {
        "name": "Amina Otieno",
        "email": "amina@example.com",
        "message": f"Please quote {next(_numbers)} minibuses.",
    }
    enquiry = receive(Sent(fields=sent, language="en", lines=()))
    Enquiry.objects.filter(pk=enquiry.pk).update(**fields)
    return Enquiry.objects.get(pk=enquiry.pk)


def make_mail(topic: str = "enquiry:1") -> OutgoingMail:
    return OutgoingMail.objects.create(kind="reply", to=["a@example.com"], subject="Offer", text="Words", topic=topic)


def make_picture() -> Picture:
    picture = Picture.objects.create(name="Bus", file="pictures/none.jpg", width=400, height=300)
    picture.translations.create(language_code="en", alt="A bus")
    return picture


def make_document() -> Document:
    document = Document.objects.create(original_name="a.pdf", file="documents/a.pdf", size=1)
    document.translations.create(language_code="en", title="Brochure")
    return document


def make_incoming_mail() -> IncomingMail:
    message = letter("Is the HH-6 in stock?")
    message.add_attachment(b"words", "text", "plain", filename="list.txt")
    path = originals.keep_original("00" * 32, raw(message))
    return IncomingMail.objects.create(digest="00" * 32, file=path, from_address="b@example.com", fate=Fate.UNMATCHED)


def make_mail_about_an_enquiry() -> OutgoingMail:
    return make_mail(f"enquiry:{make_enquiry().pk}")


def named(model: Any, *, text: str = "name", **fields: Any) -> Any:
    """One with an English name, so that there is a translation to delete."""
    thing = model.objects.filter(**fields).first() or model.objects.create(**fields)
    if not thing.translations.filter(language_code="en").exists():
        thing.translations.create(language_code="en", **({text: "Name"} if text else {}))
    return thing


def make_word(model: Any, **fields: Any) -> Any:
    return named(model, key="walked", **fields)


def make_specification() -> Any:
    return make_word(Specification, group=make_word(SpecificationGroup))


def make_product() -> Any:
    return named(Product, text="title", code="HH-WALK", category=named(ProductCategory))


MAKE: dict[str, Callable[[], Any]] = {
    "enquiries.enquiry": make_enquiry,
    "enquiries.incomingmail": make_incoming_mail,
    "enquiries.contact": lambda: make_enquiry().contact,
    "enquiries.assignmentrule": lambda: AssignmentRule.objects.create(kind=AssignmentRule.Kind.TURNS),
    "enquiries.savedreply": lambda: SavedReply.objects.create(name="Thanks", body="Thank you."),
    "mail.outgoingmail": make_mail_about_an_enquiry,
    "news.article": make_article,
    "news.category": make_category,
    "dashboard.board": lambda: Board(pk=1),
    "enquiries.erasure": lambda: Erasure.objects.create(contact_number=1),
    "news.tag": lambda: Tag.objects.create(name="Laws", slug="laws"),
    "pages.page": make_page,
    "images.picture": make_picture,
    "home.block": lambda: named(Block, text="", kind=Block._meta.get_field("kind").choices[0][0]),
    "products.product": make_product,
    "products.category": lambda: named(ProductCategory),
    "products.specificationgroup": lambda: make_word(SpecificationGroup),
    "products.specification": make_specification,
    "products.specificationchoice": lambda: make_word(SpecificationChoice, specification=make_specification()),
    "products.remark": lambda: make_word(Remark),
    "documents.document": make_document,
    "importing.importrun": lambda: ImportRun.objects.create(kind="articles", file_name="articles.xlsx"),
    "redirects.redirect": lambda: Redirect.objects.create(path="/old", target="/new/"),
    "redirects.pattern": lambda: Pattern.objects.create(pattern="/show-{number}.html", series="news"),
    "redirects.formernumber": lambda: FormerNumber.objects.create(series="news", number="1", target="/new/"),
    "redirects.unknownaddress": lambda: UnknownAddress.objects.create(path="/gone", last_seen_at=timezone.now()),
    "company.companyprofile": lambda: named(CompanyProfile),
    "company.holiday": lambda: Holiday.objects.create(date=date(2026, 10, 1), name="National Day"),
    "search.failedsearch": lambda: FailedSearch.objects.create(language="en", words="amphibious bus", times=2),
    "visits.viewcount": lambda: ViewCount.objects.create(key="news.article:1", total=3),
    "visits.dailyviews": lambda: DailyViews.objects.create(
        key="news.article:1", day=date(2026, 1, 1), language="en", count=1
    ),
    "accounts.user": lambda: make_staff("colleague"),
    "auth.group": lambda: Group.objects.create(name="Interns"),
}


def address(label: str, page: str, pk: object = None) -> str:
    name = f"admin:{label.replace('.', '_')}_{page}"
    return reverse(name, args=() if pk is None else (pk,))
