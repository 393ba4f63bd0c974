"""Proposals for a whole document."""

from __future__ import annotations

from extract.document import Document, SectionKind
from extract.text.language import ENGLISH
from models.suggest.study_proposal import propose_study
from models.suggestion import DocumentSuggestions
from models.theme_model.theme_model import Model

# A list of references names everything and asserts nothing. Front matter is read: forewords and summaries argue,
# and where no heading is recognised a whole article may count as front.
SKIPPED: frozenset[SectionKind] = frozenset({"references"})


def suggest_document(model: Model, document: Document) -> DocumentSuggestions:
    """What the model proposes for the English passages of `document` and for the study as a whole."""
    read = [one for one in document.passages if one.section not in SKIPPED and one.language == ENGLISH]
    suggestions = tuple(model.suggest((passage.id, passage.text) for passage in read))
    return DocumentSuggestions(
        sha256=document.sha256,
        extractor=document.extractor,
        model_id=model.coding_id,
        codebook=model.codebook.revision,
        suggestions=suggestions,
        studies=propose_study(suggestions, passages=len(read), card=model.card, aim=model.aim),
    )
