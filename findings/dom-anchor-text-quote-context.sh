#!/usr/bin/env bash
# dom-anchor-text-quote 4.0.2 (npm), the usual anchoring of W3C Web Annotations in a browser: a TextQuoteSelector whose
# prefix or suffix has 33 characters throws "Pattern too long for this browser"; with 32 it anchors.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund dom-anchor-text-quote@4.0.2 jsdom@22.1.0 >/dev/null 2>&1
cat > look.cjs <<'SCRIPT'
const { JSDOM } = require('jsdom');
const dom = new JSDOM('<p>Many households that hold cards for the fund were never told why their payment had stopped in the second quarter of the year.</p>');
global.window = dom.window; global.document = dom.window.document; global.Node = dom.window.Node; global.NodeFilter = dom.window.NodeFilter;
const anchor = require('dom-anchor-text-quote');
const text = dom.window.document.body.textContent, exact = 'their payment had stopped', at = text.indexOf(exact);
for (const length of [32, 33]) {
  const selector = { exact, prefix: text.slice(at - length, at), suffix: '' };
  try {
    const range = anchor.toRange(dom.window.document.body, selector);
    console.log(`${length} characters before it: ${range ? 'found' : 'not found'}`);
  } catch (error) { console.log(`${length} characters before it: ${error.message}`); }
}
SCRIPT
node look.cjs > seen; cat seen
diff seen - <<'SEEN'
32 characters before it: found
33 characters before it: Pattern too long for this browser.
SEEN
