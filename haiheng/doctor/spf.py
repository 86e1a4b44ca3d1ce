"""A domain's list of servers that may send its mail (RFC 7208), followed as a receiver follows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from haiheng.doctor import names
from haiheng.doctor.findings import Finding, fine, note, wrong

MOST_LOOKUPS = 10
_TERM = re.compile(r"(?P<sign>[-+~?]?)(?P<name>[a-z0-9]+)(?P<rest>[:/].*)?", re.I)
_ASKING = {"include", "a", "mx", "ptr", "exists"}
_KNOWN = {*_ASKING, "all", "ip4", "ip6"}
_MODIFIER = re.compile(r"(?P<name>[a-z][a-z0-9_.-]*)=(?P<value>.*)", re.I)


@dataclass
class _Walk:
    lookups: int = 0
    faults: list[str] = field(default_factory=list)


def policy(domain: str) -> Iterator[Finding]:
    records = _records(domain)
    if not records:
        yield wrong(
            f"SPF: {domain} does not say which servers may send its mail.",
            f'TXT record at {domain}: "v=spf1 include:… -all"; the mail provider names what belongs in it.',
        )
        return
    if len(records) > 1:
        yield wrong(f"SPF: {domain} has {len(records)} records; none counts.", "Put them together in one.")
        return
    walk = _Walk()
    end = _follow(domain, records[0], walk, within=(domain,))
    if walk.lookups > MOST_LOOKUPS:
        walk.faults.append(f"it takes {walk.lookups} questions to read it, and receivers give up after {MOST_LOOKUPS}")
    if walk.faults:
        yield wrong(f"SPF of {domain} does not count: {'; '.join(walk.faults)}.", f"Mend the TXT record of {domain}.")
    elif end == "+":
        yield wrong(f"SPF of {domain} lets the whole world send (+all).", "End the record with -all.")
    elif end in {"", "?"}:
        yield note(f"SPF of {domain} refuses nobody.", "End the record with -all (or ~all while you try it out).")
    else:
        yield fine(f"SPF of {domain} is in order. Whether it names your mail provider, a mail that arrived shows.")


def _records(domain: str) -> list[str]:
    return [text for text in names.texts(domain) if re.match(r"v=spf1( |$)", text, re.I)]


def _follow(domain: str, record: str, walk: _Walk, within: tuple[str, ...]) -> str:
    """Its last word about everybody else: "-", "~", "?", "+", or "" where there is none."""
    redirect = end = ""
    for word in record.split()[1:]:
        if modifier := _MODIFIER.fullmatch(word):
            if modifier["name"].lower() == "redirect":
                redirect = modifier["value"]
            continue
        term = _TERM.fullmatch(word)
        if term is None or term["name"].lower() not in _KNOWN:
            walk.faults.append(f"“{word}” in the record of {domain} means nothing")
            continue
        name = term["name"].lower()
        if name == "all":
            end = term["sign"] or "+"
        walk.lookups += name in _ASKING
        if name == "include":
            _enter((term["rest"] or "")[1:], walk, within)
    if redirect and not end:
        walk.lookups += 1
        return _enter(redirect, walk, within)
    return end


def _enter(domain: str, walk: _Walk, within: tuple[str, ...]) -> str:
    """The record of another domain. What depends on the mail itself (%) cannot be followed here."""
    if "%" in domain or walk.lookups > MOST_LOOKUPS:
        return "-"
    if domain.lower() in within:
        walk.faults.append(f"{domain} names itself")
        return ""
    records = _records(domain)
    if len(records) != 1:
        walk.faults.append(f"{domain}, which it names, has {'no' if not records else 'more than one'} record")
        return ""
    return _follow(domain, records[0], walk, (*within, domain.lower()))
