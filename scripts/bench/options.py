"""What is measured, and the settings of the site that is measured."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    folder: Path
    runs: int
    seconds: int
    articles: list[int]
    rows: int
    requests: int
    baseline: bool

    @property
    def environment(self) -> dict[str, str]:
        return self.environment_of(self.folder)

    @staticmethod
    def environment_of(folder: Path) -> dict[str, str]:
        """As `make run` has it, but for the limits that would stop a load test."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return kept | {
            "DATA_DIR": str(folder),
            "STATIC_ROOT": str(folder / "static"),
            "SECRET_KEY": "for-measuring-only-0123456789-abcdefghijklmnopqrstuvwxyz",
            "DJANGO_SETTINGS_MODULE": "haiheng.settings",
            "WEB_CONCURRENCY": "2",
            "RATE_LIMITS": "off",
            "LOG_LEVEL": "WARNING",
            # The address of `make run`; pages name it, whatever port the measured server has.
            "SITE_URL": "http://127.0.0.1:8000",
        }
