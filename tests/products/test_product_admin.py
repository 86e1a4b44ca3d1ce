import pytest
from django.urls import reverse

from haiheng.home.models import Block
from products.models import Category, Product

LISTS = ["product", "category", "specification", "specificationgroup", "remark"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_and_empty_forms_open(staff, make_product, name):
    make_product("HH-6")
    assert staff.get(reverse(f"admin:products_{name}_changelist")).status_code == 200
    assert staff.get(reverse(f"admin:products_{name}_add")).status_code == 200


def form_of(product: Product, **changes: str) -> dict[str, str]:
    data = {"code": product.code, "title": "Minibus", "slug": product.slug, "category": str(product.category_id)}
    for prefix in ("specifications", "pictures", "documents"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return {**data, **changes}


def test_a_product_is_changed_in_its_form(staff, make_product):
    product = make_product("HH-6")
    product.specifications.all().delete()
    address = reverse("admin:products_product_change", args=[product.pk])
    assert staff.get(address).status_code == 200
    answer = staff.post(address, form_of(product, headline="Minibus, 16 seats", ready="on", moq="2"))
    assert answer.status_code == 302, answer.context["errors"]
    changed = Product.objects.get(pk=product.pk)
    assert (changed.headline, changed.moq) == ("Minibus, 16 seats", 2)


def test_a_model_number_of_another_product_is_refused(staff, make_product):
    make_product("HH-7")
    product = make_product("HH-6")
    product.specifications.all().delete()
    answer = staff.post(reverse("admin:products_product_change", args=[product.pk]), form_of(product, code="HH-7"))
    assert answer.status_code == 200
    assert "code" in answer.context["adminform"].form.errors


def test_the_list_shows_states_and_leads_to_the_public_page(staff, make_product):
    product = make_product("HH-6")
    make_product("HH-7", published_at=None)
    page = staff.get(reverse("admin:products_product_changelist")).content.decode()
    assert "state-published" in page
    assert "state-draft" in page
    form = staff.get(reverse("admin:products_product_change", args=[product.pk])).content.decode()
    assert "/products/minibuses/hh-6/" in form


def test_categories_stand_as_a_tree(staff, make_category):
    trucks = make_category("Trucks", position=0)
    make_category("Buses", position=1)
    make_category("Tippers", parent=trucks, position=9)
    page = staff.get(reverse("admin:products_category_changelist")).content.decode()
    assert page.index("Trucks") < page.index("\u2003Tippers") < page.index("Buses")


def test_a_fourth_level_is_refused(staff, make_category):
    parent = None
    for name in ("One", "Two", "Three"):
        parent = make_category(name, parent=parent)
    data = {"name": "Four", "parent": str(parent.pk), "position": "0"}
    answer = staff.post(reverse("admin:products_category_add"), data)
    assert answer.status_code == 200
    assert "three levels" in answer.content.decode()
    assert Category.objects.count() == 3


def test_what_stands_below_a_category_counts_when_it_moves(staff, make_category):
    trucks = make_category("Trucks")
    tippers = make_category("Tippers", parent=trucks)
    make_category("Six wheels", parent=tippers)
    vehicles = make_category("Vehicles")
    address = reverse("admin:products_category_change", args=[trucks.pk])
    rows = {"rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0"}
    data = {"name": "Trucks", "slug": "trucks", "position": "0", **rows}
    answer = staff.post(address, {**data, "parent": str(vehicles.pk)})
    assert "three levels" in answer.content.decode()
    assert "cannot stand below itself" in staff.post(address, {**data, "parent": str(tippers.pk)}).content.decode()
    assert staff.post(address, {**data, "parent": ""}).status_code == 302


def test_a_block_of_the_home_page_is_added(staff):
    assert staff.get(reverse("admin:home_block_changelist")).status_code == 200
    data = {"kind": "text", "title": "About us", "body": "<p>Words</p>", "shown": "on", "position": "10"}
    answer = staff.post(reverse("admin:home_block_add"), data)
    assert answer.status_code == 302, answer.context["errors"]
    assert Block.objects.get().title == "About us"


def test_the_list_of_products_costs_the_same_with_one_and_fifteen(staff, make_product, django_assert_max_num_queries):
    for number in range(15):
        make_product(f"HH-{number}")
    address = reverse("admin:products_product_changelist")
    staff.get(address)
    with django_assert_max_num_queries(14):
        staff.get(address)
