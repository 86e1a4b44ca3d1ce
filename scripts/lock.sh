#!/bin/sh
# Write requirements/*.txt from pyproject.toml, with digests and without any registry's address.
set -eu
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        ${UPGRADE:+--upgrade} "$@" pyproject.toml
}
compile -o requirements/base.txt
compile --extra scale -c requirements/base.txt -o requirements/scale.txt
compile --extra errors -c requirements/base.txt -o requirements/errors.txt
compile --extra dev -c requirements/base.txt -o requirements/dev.txt
