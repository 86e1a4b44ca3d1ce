"""What axe finds wrong with a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def faults(page: Page, **options: Any) -> list[str]:
    """Return a line for each place that breaks a rule, three of a rule at the most.

    What keeps to the rules is not listed: that list would be most of the work.
    """
    # A colour on its way is no fault.
    page.evaluate(
        "document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime < Infinity)"
        ".forEach((each) => each.finish())"
    )
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]
