"""Everything can be taken out again, in formats that anybody reads."""

import csv
import hashlib
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from haiheng.company.models import CompanyProfile
from haiheng.documents.intake import add_document
from haiheng.exporting.parts import CONTENT, PERSONAL
from haiheng.images.intake import add_picture
from haiheng.redirects import placing
from haiheng.richtext import plain
from products.models import Category, Product, ProductPicture, ProductSpecification, Specification, SpecificationGroup
from tests.factories import make_article, make_page
from tests.haiheng.role_cast import make_enquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(media: Path) -> None:
    """Some of everything."""
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "#345").save(stream, "JPEG")
    picture = add_picture(ContentFile(stream.getvalue(), name="bus.jpg"), name="bus.jpg", alt={"en": "A bus"})
    add_document(ContentFile(b"%PDF-1.4\n%%EOF\n", name="a.pdf"), name="a.pdf", titles={"en": "Sheet"})
    make_article("Bus law", zh="巴士法", tags=("Kenya", "Rules"), cover=picture)
    make_article("Draft", published_at=None)
    make_article("Thrown away").trash()
    make_page("About us", zh="关于我们")
    CompanyProfile.load()
    category = Category.objects.create()
    category.translations.create(language_code="en", name="Minibuses")
    product = Product.objects.create(code="HH-6", category=category, published_at=timezone.now())
    product.translations.create(language_code="en", title="Minibus", body="<p>Fifteen seats.</p>", ready=True)
    ProductPicture.objects.create(product=product, picture=picture)
    length = Specification.objects.create(key="length", unit="mm", group=SpecificationGroup.objects.create(key="size"))
    ProductSpecification.objects.create(product=product, specification=length, number=Decimal(5990), is_key_fact=True)
    placing.point("/旧", "/news/")
    make_enquiry()


def taken_out(path: Path, *options: str) -> dict[str, bytes]:
    call_command("export_site", str(path), *options, stdout=io.StringIO())
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.decode().splitlines()]


@pytest.mark.usefixtures("content")
def test_counts_words_and_files_are_all_there(tmp_path: Path) -> None:
    files = taken_out(tmp_path / "site.zip")
    manifest = json.loads(files["manifest.json"])
    for part in CONTENT:
        name = f"{part.name}.csv" if part.columns else f"{part.name}.jsonl"
        assert manifest["parts"][name]["records"] == part.model._default_manager.count(), name
        assert manifest["parts"][name]["sha256"] == hashlib.sha256(files[name]).hexdigest()
    for label, name in (("news.Article", "articles"), ("products.Product", "products"), ("pages.Page", "pages")):
        texts: Any = apps.get_model(label)._parler_meta.root_model  # type: ignore[attr-defined]
        stored = sorted(word for row in texts.objects.all() for word in plain.text(row.body).split())
        written = [text["body"] for record in lines(files[f"{name}.jsonl"]) for text in record["texts"].values()]
        assert sorted(word for body in written for word in plain.text(body).split()) == stored
    assert manifest["files"]["records"] == 2
    picture = lines(files["pictures.jsonl"])[0]
    assert files[f"files/{picture['file']}"].startswith(b"\xff\xd8")
    assert manifest["missing_files"] == []


@pytest.mark.usefixtures("content")
def test_records_say_what_they_mean(tmp_path: Path) -> None:
    files = taken_out(tmp_path / "site.zip")
    law, draft, thrown = lines(files["articles.jsonl"])
    assert law["tags"] == ["Kenya", "Rules"]
    assert law["addresses"] == {"en": "/news/laws/bus-law/", "zh-hans": "/zh-hans/news/法规/巴士法/"}
    assert (law["texts"]["zh-hans"]["title"], law["texts"]["zh-hans"]["ready"]) == ("巴士法", True)
    assert draft["published_at"] is None
    assert thrown["trashed_at"]
    product = lines(files["products.jsonl"])[0]
    assert product["pictures"] == [law["cover"]]
    assert product["specifications"][0] | {"choices": []} == {
        "key": "length", "number": "5990.0000", "number_to": None, "unit": "mm", "text": "", "boolean": None,
        "choices": [], "remark": None, "is_key_fact": True,
    }  # fmt: skip
    redirects = list(csv.DictReader(io.StringIO(files["redirects.csv"].decode())))
    assert [(row["path"], row["target"]) for row in redirects] == [("/旧", "/news/")]


@pytest.mark.usefixtures("content")
def test_people_are_taken_out_only_when_asked_for(tmp_path: Path) -> None:
    without = taken_out(tmp_path / "without.zip")
    assert not any(b"amina@example.com" in data for data in without.values())
    assert not {f"{part.name}.jsonl" for part in PERSONAL} & without.keys()
    enquiry = lines(taken_out(tmp_path / "with.zip", "--enquiries", "--no-files")["enquiries.jsonl"])[0]
    assert any("Please quote" in message["body"] for message in enquiry["messages"])


@pytest.mark.usefixtures("content")
def test_a_folder_has_the_same_inside_and_nothing_is_written_over(tmp_path: Path) -> None:
    taken_out(tmp_path / "site.zip")
    call_command("export_site", str(tmp_path / "site"), stdout=io.StringIO())
    names = {str(path.relative_to(tmp_path / "site")) for path in (tmp_path / "site").rglob("*") if path.is_file()}
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert names == set(archive.namelist())
    assert (tmp_path / "site.zip").stat().st_mode & 0o077 == 0
    for path in ("site", "site.zip"):
        with pytest.raises(CommandError):
            call_command("export_site", str(tmp_path / path))


def test_every_kind_of_content_has_its_part() -> None:
    """A new kind of content fails here until it is taken out, too."""
    taken = {part.model._meta.label for part in (*CONTENT, *PERSONAL)}
    kinds = {model._meta.label for model in apps.get_models() if hasattr(model, "_parler_meta")}
    assert kinds - taken == set()
