import pytest

from enquiries.admin.forms import SnoozeForm


@pytest.mark.parametrize("day", ["9999-12-31", "3000-01-01"])
def test_an_enquiry_cannot_sleep_until_an_impossible_year(day: str) -> None:
    assert "Check the year" in str(SnoozeForm({"until": day}).errors["until"])
