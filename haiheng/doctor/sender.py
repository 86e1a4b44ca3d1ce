"""Whether other mail servers can believe that our mail is ours: SPF, DKIM and DMARC of the sender's domain."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from email.utils import parseaddr

from django.conf import settings

from haiheng.doctor import names, spf
from haiheng.doctor.findings import Finding, fine, note, some, unasked, wrong
from haiheng.doctor.names import NotAskedError

# Where the usual mail programs and providers keep their keys; there is no way to ask for all.
_USUAL_SELECTORS = (
    *("default", "mail", "dkim", "s1", "s2", "k1", "selector1", "selector2", "google", "key1", "smtp"),
    *("20230601", "zoho", "fm1", "protonmail", "pm", "mxvault", "qqmail", "aliyun-cn-hangzhou"),
)
# Length of a public RSA key as it stands in the record, in bytes.
_RSA_1024, _RSA_2048 = 140, 270
_POLICIES = {"none", "quarantine", "reject"}


def sender() -> Iterator[Finding]:
    """One line for each question; where the network does not answer, that is what it says."""
    if settings.MAIL_TRANSPORT == "files":
        yield note("No mail leaves this machine: the domain of the sender was not looked at.")
        return
    domain = domain_of(settings.DEFAULT_FROM_EMAIL)
    try:
        names.need_network(domain)
    except NotAskedError:
        yield unasked(
            f"SPF, DKIM and DMARC of {domain}: no name server answers.", "Try again where there is a network."
        )
        return
    questions: list[tuple[str, Callable[[str], Iterator[Finding]], str]] = [
        (f"SPF of {domain}", spf.policy, domain),
        (f"DKIM of {domain}", keys, domain),
        (f"DMARC of {domain}", dmarc, domain),
    ]
    for receiver in dict.fromkeys((domain, domain_of(settings.REPLY_ADDRESS))):
        if receiver:
            questions.append((f"Mail for {receiver}", receiving, receiver))
    for subject, question, asked in questions:
        try:
            yield from question(asked)
        except NotAskedError:
            yield unasked(f"{subject}: no name server answered.", "Try again where there is a network.")


def domain_of(address: str) -> str:
    host = parseaddr(address)[1].rpartition("@")[2]
    try:
        return host.encode("idna").decode().lower() if host else ""
    except UnicodeError:
        return host.lower()


def tags(record: str) -> dict[str, str]:
    """v=DMARC1; p=none → {"v": "DMARC1", "p": "none"}"""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): re.sub(r"\s", "", value) for name, _sign, value in pairs if name.strip()}


def keys(domain: str) -> Iterator[Finding]:
    told = list(settings.DKIM_SELECTORS)
    found = {}
    for selector in told or _USUAL_SELECTORS:
        records = [record for record in names.texts(f"{selector}._domainkey.{domain}") if "p=" in record]
        if records:
            found[selector] = records
        elif told:
            yield wrong(
                f"DKIM: {selector}._domainkey.{domain} has no key: what is signed with it is taken for forged.",
                "Publish the TXT record that the mail provider names, or mend DKIM_SELECTORS.",
            )
    if not found and not told:
        yield unasked(
            f"DKIM: no key of {domain} under the usual names. Whether mails are signed cannot be seen from here.",
            "Switch DKIM on at the mail provider; then name its selector (s= in the DKIM-Signature of a mail that "
            "arrived) in DKIM_SELECTORS.",
        )
    for selector, records in found.items():
        yield _key(f"DKIM: the key {selector}._domainkey.{domain}", records)


def _key(name: str, records: list[str]) -> Finding:
    if len(records) > 1:
        return wrong(f"{name} stands there {len(records)} times.", "Leave one TXT record under that name.")
    key = tags(records[0])
    try:
        length = len(base64.b64decode(key.get("p", ""), validate=True))
    except (binascii.Error, ValueError):
        return wrong(f"{name} is garbled.", "Copy the record from the mail provider again, without quotation marks.")
    if not length:
        return wrong(f"{name} was withdrawn (p= is empty).", "Publish the current key of the mail provider.")
    if key.get("k", "rsa").lower() == "rsa" and length < _RSA_1024:
        return wrong(f"{name} is too short to be believed.", "Have the mail provider make one of 2048 bits.")
    if key.get("k", "rsa").lower() == "rsa" and length < _RSA_2048:
        return note(f"{name} has less than 2048 bits.", "Have the mail provider make a longer one.")
    if "y" in key.get("t", "").split(":"):
        return note(f"{name} is marked as a test (t=y): nobody minds it.", "Take t=y out once mails arrive signed.")
    return fine(f"{name} is there.")


def dmarc(domain: str) -> Iterator[Finding]:
    """The nearest record of the domain and those above it counts (RFC 9989, the walk up the tree)."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        above = ".".join(labels[start:])
        records = [r for r in names.texts(f"_dmarc.{above}") if re.match(r"v\s*=\s*DMARC1\s*(;|$)", r)]
        if len(records) > 1:
            yield wrong(f"DMARC: _dmarc.{above} has {len(records)} records; none counts.", "Leave one.")
            return
        if records and tags(records[0]).get("psd") != "y":
            yield _dmarc(above, records[0], inherited=bool(start))
            return
    yield wrong(
        f"DMARC: {domain} has no policy; large mail providers refuse or hide mail of such senders.",
        f'TXT record at _dmarc.{domain}: "v=DMARC1; p=none; rua=mailto:you@{domain}", later p=quarantine.',
    )


def _dmarc(place: str, record: str, *, inherited: bool) -> Finding:
    found = tags(record)
    policy = (found.get("sp") if inherited else None) or found.get("p", "")
    if policy.lower() not in _POLICIES:
        return wrong(
            f"DMARC: _dmarc.{place} says neither none, quarantine nor reject.", "Write p=none; into the record."
        )
    if policy.lower() == "none":
        return note(
            f"DMARC of {place} only watches (p=none): mails that others forge in your name are delivered.",
            "Read the reports for some weeks; when all your own mail passes, p=quarantine, then p=reject.",
        )
    return fine(f"DMARC of {place}: forged mails are {'refused' if policy.lower() == 'reject' else 'set aside'}.")


def receiving(domain: str) -> Iterator[Finding]:
    servers = names.mail_servers(domain)
    if servers == [""]:
        yield wrong(f"{domain} says that it takes no mail: answers and bounces are lost.", "Mend its MX record.")
    elif servers:
        yield fine(f"Mail for {domain} goes to {some(servers, 2)}.")
    elif names.has_address(domain):
        yield note(f"{domain} has no MX record; mail goes to the machine of that name.", "Add an MX record.")
    else:
        yield wrong(f"Nobody takes mail for {domain}: answers and bounces are lost.", "Add an MX record.")
