"""What a browser would send for a form that nobody touched."""

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form_id, self.inside = form_id, False
        self.sent: dict[str, list[str]] = {}
        self._select: dict[str, Any] = {}
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        elif not self.inside or "disabled" in given:
            return
        elif tag == "select":
            self._select = given
        elif tag == "option" and self._select and "selected" in given:
            self.sent.setdefault(self._select["name"], []).append(given.get("value", ""))
        elif tag == "textarea":
            self._textarea = given.get("name", "")
            self.sent.setdefault(self._textarea, []).append("")
        elif tag == "input" and given.get("name") and given.get("type") not in ("submit", "button", "file"):
            if given.get("type") in ("checkbox", "radio") and "checked" not in given:
                return
            ticked = "on" if given.get("type") in ("checkbox", "radio") else ""
            self.sent.setdefault(given["name"], []).append(given.get("value", ticked))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self.sent[self._textarea][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea is not None:
            # The first line break after the tag is not part of the text.
            self.sent[self._textarea][-1] = self.sent[self._textarea][-1].removeprefix("\r\n").removeprefix("\n")
            self._textarea = None
        elif tag == "select":
            self._select = {}


def untouched(html: str, form_id: str) -> dict[str, list[str]]:
    form = _Form(form_id)
    form.feed(html)
    assert form.sent, f"no form {form_id}"
    # The empty row that a script copies is there, too, and is sent; Django does not read it.
    return form.sent
