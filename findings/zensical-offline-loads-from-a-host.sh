#!/usr/bin/env bash
# zensical 0.0.73: a site built with its plugin `offline`, whose search is to work on pages opened as files, loads the
# script that makes it work from another host. Without a network the search says that it is unavailable.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check zensical==0.0.73 2>/dev/null
cd "$folder"
mkdir docs
echo "# A page" > docs/index.md
cat > zensical.toml <<'TOML'
[project]
site_name = "Sample"
use_directory_urls = false
[project.theme]
font = false
[project.plugins.offline]
[project.plugins.search]
TOML
venv/bin/zensical build --strict > /dev/null 2>&1
grep -oE '<script src="https?://[^"]+"' site/index.html > seen
cat seen
diff seen - <<'SEEN'
<script src="https://unpkg.com/iframe-worker/shim"
SEEN
