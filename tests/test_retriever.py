"""The search as others plug it into their chains."""

import asyncio
import re
from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from assistant.finding.search import find_hits
from assistant.pipeline import Knowledge
from assistant.retriever import SheetRetriever, open_retriever
from assistant.settings import ROOT
from index.encoding.encoder import Encoder
from index.filters import Filters
from index.manifest import IndexMissing
from index.opened import Index

QUESTION = "Quels budgets participatifs réservent une part aux jeunes ?"


@pytest.fixture(scope="module")
def public(own_index: Index, encoder: Encoder) -> Knowledge:
    return Knowledge(own_index, encoder, "")


def test_documents_are_the_hits_of_the_search_in_order(public: Knowledge) -> None:
    documents = SheetRetriever(knowledge=public, k=4).invoke(QUESTION)
    hits = find_hits(QUESTION, public, k=4)
    assert [document.metadata["sheet"] for document in documents] == [hit.sheet.id for hit in hits]
    assert [document.page_content for document in documents] == [hit.passage.text for hit in hits]


def test_a_document_says_where_its_text_stands(public: Knowledge) -> None:
    first = SheetRetriever(knowledge=public, k=1).invoke("un audit des finances de la ville")[0]
    hit = find_hits("un audit des finances de la ville", public, k=1)[0]
    assert first.id == hit.passage.id
    assert first.metadata == {
        "sheet": "2",
        "title": hit.sheet.title,
        "organisation": hit.sheet.organisation,
        "section": hit.passage.section,
        "page": None,
        "url": hit.sheet.website,
        "year": hit.sheet.annee,
        "score": round(hit.score, 4),
        "access": "public",
        "citation": hit.passage.id,
    }
    assert first.metadata["organisation"]
    assert first.metadata["year"]


def test_filters_set_by_hand_are_strict(public: Knowledge) -> None:
    retriever = SheetRetriever(knowledge=public, filters=Filters(porteur=("RG",)))
    found = {document.metadata["sheet"] for document in retriever.invoke(QUESTION)}
    regions = {sheet.id for sheet in public.index.practices if "RG" in sheet.porteur}
    assert found
    assert found <= regions


def test_several_questions_are_searched_at_once_without_mixing(public: Knowledge) -> None:
    retriever = SheetRetriever(knowledge=public, k=3)
    questions = [QUESTION, "jury citoyen tiré au sort", "plan climat"]

    async def search_all() -> list[list[Document]]:
        return await asyncio.gather(*(retriever.ainvoke(question) for question in questions))

    assert asyncio.run(search_all()) == [retriever.invoke(question) for question in questions]


def test_only_a_retriever_opened_for_members_gives_their_passages(own_data_dir: Path) -> None:
    accesses = {}
    for access in ("public", "members"):
        retriever = open_retriever(own_data_dir, access, k=20)  # type: ignore[arg-type] - a Literal
        accesses[access] = {
            document.metadata["access"]
            for document in retriever.invoke("Selon quels critères choisir les arrêts de Tok-Tok ?")
        }
    assert accesses == {"public": {"public"}, "members": {"public", "members"}}


def test_a_directory_without_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="assistant reindex"):
        open_retriever(tmp_path)
    assert list(tmp_path.iterdir()) == [], "the model was made ready for nothing"


def test_it_stands_in_a_chain_as_any_retriever(public: Knowledge) -> None:
    """The model is replaced by what shows the prompt: everything else is LangChain's."""
    prompt = ChatPromptTemplate.from_template("{extracts}\n---\n{question}")
    join = RunnableLambda(lambda documents: "\n".join(document.page_content for document in documents))
    show = RunnableLambda(lambda value: value.to_messages()[0].content)
    retriever = SheetRetriever(knowledge=public, k=2)
    chain = {"extracts": retriever | join, "question": RunnablePassthrough()} | prompt | show
    extracts, question = chain.invoke(QUESTION).split("\n---\n")
    assert question == QUESTION
    assert extracts == "\n".join(hit.passage.text for hit in find_hits(QUESTION, public, k=2))


def test_the_example_of_the_documentation_runs(
    own_data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "langchain.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code
    (tmp_path / "var").symlink_to(own_data_dir)
    monkeypatch.chdir(tmp_path)
    world: dict[str, object] = {}
    exec(code[1], world)
    assert "[3]" in str(world["messages"])
