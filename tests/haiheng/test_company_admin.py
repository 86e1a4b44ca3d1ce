from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from haiheng.company.models import CompanyProfile, Holiday, WorkingHours

pytestmark = pytest.mark.django_db


def test_the_company_profile_opens_straight_as_its_one_form(admin_client: Client) -> None:
    response = admin_client.get("/admin/company/companyprofile/")
    assert response.headers["Location"] == "/admin/company/companyprofile/add/"
    assert not CompanyProfile.objects.exists()
    profile = CompanyProfile.objects.create(legal_name="Haiheng")
    response = admin_client.get("/admin/company/companyprofile/", follow=True)
    assert response.redirect_chain[-1][0] == f"/admin/company/companyprofile/{profile.pk}/change/"
    page = response.content.decode()
    assert "parler-language-tabs" in page
    assert "deletelink" not in page.partition('class="submit-row"')[2]


def test_nobody_adds_or_deletes_the_company(admin_client: Client) -> None:
    profile = CompanyProfile.objects.create(legal_name="Haiheng")
    assert admin_client.get("/admin/company/companyprofile/add/").status_code == 403
    assert admin_client.post(f"/admin/company/companyprofile/{profile.pk}/delete/").status_code == 403


def test_each_language_of_the_profile_is_saved_on_its_own_tab(admin_client: Client) -> None:
    profile = CompanyProfile.objects.create(legal_name="Haiheng")
    data = {
        "legal_name": "Haiheng Ltd",
        "name": "海恒",
        "zone": "Asia/Hong_Kong",
        "working_hours-TOTAL_FORMS": "0",
        "working_hours-INITIAL_FORMS": "0",
    }
    path = f"/admin/company/companyprofile/{profile.pk}/change/?language=zh-hans"
    assert admin_client.post(path, data).status_code == 302
    profile = CompanyProfile.objects.get()
    assert profile.legal_name == "Haiheng Ltd"
    assert profile.text("name", "zh-hans") == "海恒"


def test_a_weekend_that_is_worked_takes_the_hours_of_a_weekday_that_has_some(admin_client: Client) -> None:
    profile = CompanyProfile.objects.create(legal_name="Haiheng")
    WorkingHours.objects.create(profile=profile, weekday=4, opens=time(9), closes=time(18))
    day = {"date": "2026-10-10", "name": "National Day"}
    refused = admin_client.post("/admin/company/holiday/add/", {**day, "as_on": "6"})
    assert "There are no office hours on this weekday." in refused.content.decode()
    assert admin_client.post("/admin/company/holiday/add/", {**day, "as_on": "4"}).status_code == 302
    assert Holiday.objects.get().as_on == 4
    page = admin_client.get("/admin/company/holiday/").content.decode()
    assert "Open as on Friday" in page


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_notice_in_an_impossible_year_is_refused_beside_its_field(admin_client: Client, day: str) -> None:
    profile = CompanyProfile.objects.create(legal_name="Haiheng")
    moments = {f"notice_{end}_{part}": value for end in ("from", "until") for part, value in enumerate((day, "00:00"))}
    response = admin_client.post(f"/admin/company/companyprofile/{profile.pk}/change/", moments)
    errors = response.context["adminform"].form.errors
    assert all("Check the year" in str(errors[name]) for name in ("notice_from", "notice_until"))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_holiday_in_an_impossible_year_is_refused(day: str) -> None:
    with pytest.raises(ValidationError, match="Check the year"):
        Holiday(date=date.fromisoformat(day)).clean()
