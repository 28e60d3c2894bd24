"""Reading: everything that sources held, joined from one source after the other."""

from dataclasses import dataclass, field
from pathlib import Path

from ingest.facet_values import FoundValue
from ingest.layout import Layout
from ingest.questions import SheetQuestion
from ingest.sheet import Access, Document, Remark, Sheet


@dataclass
class DocumentCounts:
    """What became of the members' documents that the sheets announce."""

    read: int = 0
    locked: int = 0
    unreadable: int = 0
    missing: int = 0


@dataclass
class Reading:
    """Everything the sources held. `rejected` rows and files gave no sheet; `notices` were mended or left out.

    `revisions` gives, by address, the commit or the mark of the version that was read, where there is one. What comes
    from a source that is the members' own stays apart: visitors are answered from none of its words.
    """

    sheets: list[Sheet] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    rejected: list[Remark] = field(default_factory=list)
    notices: list[Remark] = field(default_factory=list)
    document_counts: DocumentCounts = field(default_factory=DocumentCounts)
    layouts: list[Layout] = field(default_factory=list)  # of the sources for everyone
    members_layouts: list[Layout] = field(default_factory=list)  # of those that are the members' own
    revisions: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)  # tables and texts that were read
    set_aside: list[str] = field(default_factory=list)  # tables that lie beside them and were not
    absent: list[Remark] = field(default_factory=list)  # documents that sheets announce and that are not there
    golden: list[Path] = field(default_factory=list)  # files of golden questions that lie with the sheets
    vocabulary: list[Path] = field(default_factory=list)  # files of staff's words that lie with the sheets for everyone
    members_vocabulary: list[Path] = field(default_factory=list)  # and with those that are the members' own
    questions: list[SheetQuestion] = field(default_factory=list)  # that sheets answer, rejected ones included
    values: list[FoundValue] = field(default_factory=list)  # of facets whose layout lists none, by what cells hold

    @property
    def pages(self) -> list[Sheet]:
        """The texts about the centre itself."""
        return [sheet for sheet in self.sheets if sheet.kind == "page"]

    @property
    def practices(self) -> list[Sheet]:
        """The sheets proper."""
        return [sheet for sheet in self.sheets if sheet.kind == "practice"]

    def layouts_for(self, access: Access) -> list[Layout]:
        """The layouts that readers of this access may know of, visitors' first: where two speak of a code, it says."""
        return [*self.layouts, *self.members_layouts] if access == "members" else self.layouts

    def vocabulary_for(self, access: Access) -> list[Path]:
        """The files of staff's words that act on what readers of this access ask."""
        return [*self.vocabulary, *self.members_vocabulary] if access == "members" else self.vocabulary

    def add(self, other: "Reading") -> None:
        """Join what another source held; a sheet whose id is taken is rejected with what to do."""
        taken = {sheet.id for sheet in self.sheets}
        for sheet in other.sheets:
            if sheet.id in taken:
                reason = f"l'identifiant {sheet.id!r} est déjà pris dans une autre source ; donnez un prefix à l'une"
                other.rejected.append(Remark(file=sheet.title, row=None, column="", reason=reason))
        self.sheets += [sheet for sheet in other.sheets if sheet.id not in taken]
        self.documents += [document for document in other.documents if document.sheet not in taken]
        self.questions += [question for question in other.questions if question.sheet not in taken]
        self.rejected += other.rejected
        self.notices += other.notices
        for name in ("read", "locked", "unreadable", "missing"):
            total = getattr(self.document_counts, name) + getattr(other.document_counts, name)
            setattr(self.document_counts, name, total)
        self.layouts += [layout for layout in other.layouts if layout not in self.layouts]
        self.members_layouts += [each for each in other.members_layouts if each not in self.members_layouts]
        self.revisions |= other.revisions
        self.golden += other.golden
        self.vocabulary += other.vocabulary
        self.members_vocabulary += other.members_vocabulary
        self.files += other.files
        self.set_aside += other.set_aside
        self.absent += other.absent


def prefix_ids(reading: Reading, prefix: str) -> Reading:
    """The reading with its sheets' ids prefixed."""
    reading.sheets = [sheet.model_copy(update={"id": f"{prefix}-{sheet.id}"}) for sheet in reading.sheets]
    reading.documents = [
        document.model_copy(update={"sheet": f"{prefix}-{document.sheet}"}) for document in reading.documents
    ]
    reading.questions = [
        question.model_copy(update={"sheet": f"{prefix}-{question.sheet}"}) for question in reading.questions
    ]
    return reading
