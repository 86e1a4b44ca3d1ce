"""The machine: its clock and its fonts."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from haiheng.doctor.findings import Finding, fine, note, some, wrong
from haiheng.seo import lettering

# In the script of each language.
_SAMPLES = {
    "en": "Minibus",
    "zh-hans": "中国海恒客车",
    "ar": "حافلة صغيرة",
    "fr": "Véhicule à moteur",
    "es": "Autobús pequeño",
    "ru": "Микроавтобус",
}


def clock() -> Iterator[Finding]:
    newest = max(path.stat().st_mtime for path in Path(settings.BASE_DIR, "haiheng").glob("*.py"))
    if time.time() < newest - 86_400:
        yield wrong(
            f"The clock says {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, and the program is newer than that.",
            "timedatectl set-ntp true, or set the clock by hand.",
        )
        return
    said = _synchronised()
    if said == "no":
        yield note(
            "The clock is not set by the network.", "apt-get install systemd-timesyncd; codes of the app depend on it."
        )
    elif said == "yes":
        yield fine("The clock is set by the network.")
    else:
        yield fine(f"The clock says {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; compare it with yours.")


def _synchronised() -> str:
    """ "yes", "no", or "" where nobody knows: in containers the host keeps the clock."""
    program = shutil.which("timedatectl")
    if not program:
        return ""
    try:
        asked = subprocess.run(  # noqa: S603 - a program of the system, without anything from outside
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def fonts() -> Iterator[Finding]:
    """Whether pictures of forwarded links can carry titles."""
    missing = [str(name) for code, name in settings.LANGUAGES if not lettering.readable(_SAMPLES[code])]
    if missing:
        yield note(
            f"No font of this machine has the signs of {some(missing)}: pictures of forwarded links lack the title.",
            "apt-get install fonts-noto-core fonts-noto-cjk, then empty DATA_DIR/share and restart the site.",
        )
    else:
        yield fine("There are fonts for the titles in pictures of forwarded links.")
