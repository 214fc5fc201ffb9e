#!/usr/bin/env bash
# The tests of the SDKs for TypeScript and Python: types, the shared vectors, and each client against a server that
# misbehaves. Those of the one for Rust are among `cargo test`.
# Needs node 20 or newer and python3 with venv; installs what it needs into target/tools.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$PWD/target/tools

(
  cd sdks/typescript
  npm ci --silent
  npm test --silent
)

python=$tools/sdk-python
[ -x "$python/bin/python" ] || python3 -m venv "$python"
"$python/bin/python" -m pip install --quiet --disable-pip-version-check -r sdks/python/requirements-dev.txt
cd sdks/python
"$python/bin/mypy" --cache-dir "$tools/mypy"
PYTHONPATH=src "$python/bin/python" -m unittest discover -s tests
