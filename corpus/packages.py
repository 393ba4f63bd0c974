"""The packages of Jaiza, and the folders inside them, in the order in which they may import each other."""

from __future__ import annotations

PACKAGES = (
    "corpus", "extract", "models", "annotations", "synthesis", "exchange", "pipeline", "review", "flows", "cli",
)  # fmt: skip
APART = frozenset({("review", "flows"), ("flows", "review")})  # neither imports the other

# Folders of a package: each may import those in the sets before its own, none beside it in the same set. What lies in
# the package's root may be imported by all of them.
FOLDERS: dict[str, tuple[frozenset[str], ...]] = {
    "corpus": (
        frozenset({"store", "settings"}), frozenset({"registry"}), frozenset({"fetch", "sample", "reference_lists"}),
        frozenset({"discovery"}),
    ),
    "extract": (
        frozenset({"pdfium", "text"}), frozenset({"ruling"}), frozenset({"readers"}),
        frozenset({"isolation", "tables"}), frozenset({"lines"}), frozenset({"roles"}), frozenset({"layout"}),
        frozenset({"views"}),
    ),
    "models": (
        frozenset({"codebook", "encoder"}), frozenset({"registry"}), frozenset({"theme_model"}),
        frozenset({"suggest", "training"}), frozenset({"evaluation"}),
    ),
    "annotations": (frozenset({"log", "agreement", "progress"}), frozenset({"migrations", "screening"})),
    "synthesis": (
        frozenset({"matrix"}), frozenset({"runs", "statistics"}), frozenset({"audit", "patterns"}),
        frozenset({"report"}),
    ),
    "exchange": (frozenset({"readers", "writers"}),),
    "pipeline": (
        frozenset({"documents"}), frozenset({"screening"}), frozenset({"learning", "runs", "intake"}),
    ),
    "review": (
        frozenset({"anchoring", "matrix", "search"}), frozenset({"acts"}), frozenset({"pages"}),
        frozenset({"desk", "help"}), frozenset({"serving"}),
    ),
    "flows": (frozenset({"server"}),),
    "cli": (frozenset({"codebook"}), frozenset({"commands"})),
}  # fmt: skip
