"""The search as a LangChain retriever, for whoever builds chains of their own."""

from pathlib import Path

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field, InstanceOf

from assistant.finding.search import find_hits
from assistant.pipeline import Knowledge
from index.encoding.adapter import find_adapter, name_model
from index.filters import Filters
from index.ranking.retrieval import Hit
from index.storage.folder_store import FolderStore
from ingest.sheet import Access


class SheetRetriever(BaseRetriever):
    """The `k` best sheets for a question, each as a document that holds its best passage, best first.

    `filters`, set by hand, are strict. `ainvoke` searches in a thread, as LangChain does by default.
    """

    knowledge: InstanceOf[Knowledge]
    k: int = Field(default=10, ge=1)
    filters: Filters | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 - LangChain's signature
        return [_make_document(hit) for hit in find_hits(query, self.knowledge, self.filters, self.k)]


def open_retriever(
    data_dir: Path,
    access: Access = "public",
    *,
    k: int = 10,
    filters: Filters | None = None,
    model: str = "multilingual-e5-small",
) -> SheetRetriever:
    """A retriever over the version in service in a data directory, for readers of this access.

    Opened for the public, members' passages are not read from the disk. Raises IndexMissing, IndexCorrupt,
    IndexStale or ModelUnusable.
    """
    from index.encoding.encoder import open_encoder  # noqa: PLC0415 - takes seconds, which importing this module should not

    # Before the model, which the first opening writes for half a minute: there may be no index.
    index = FolderStore(data_dir / "index").open(name_model(model, find_adapter(model, "")), access)
    knowledge = Knowledge(index, open_encoder(model, data_dir / "models"), model=None, contact="")
    return SheetRetriever(knowledge=knowledge, k=k, filters=filters)


def _make_document(hit: Hit) -> Document:
    sheet, passage = hit.sheet, hit.passage
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "sheet": sheet.id,
            "title": sheet.title,
            "organisation": sheet.organisation,
            "section": passage.section,
            "page": passage.page,
            "url": sheet.website,
            "year": sheet.annee,
            "score": round(hit.score, 4),
            "access": passage.access,
            "citation": passage.id,
        },
    )
