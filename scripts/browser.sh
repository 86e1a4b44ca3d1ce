#!/bin/sh
# Make sure that there is a Chromium for the tests, with a font for Chinese.
set -eu
if [ -n "${BROWSER_PATH:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
else
    echo "Downloading Chromium …"
    "${PYTHON:-.venv/bin/python}" -m playwright install chromium
fi
