"""How the items of a list begin."""

from __future__ import annotations

import re

_BULLETS = "•▪◦‣●○■□➢✓►▶◆❖⁃∙·\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf02d\uf0be\uf0e0"
_BULLET = rf"[{_BULLETS}]|[-–—*](?=\s)|[ovqü§](?=\s[A-Z])|Ø(?=\s?[A-Z])"
BULLETED = re.compile(rf"(?:{_BULLET})\s*\S")
ITEM = re.compile(rf"(?:{_BULLET}|\(?(?:\d{{1,2}}|[a-z]|[ivx]{{1,5}})[.)](?=\s))\s*\S")
