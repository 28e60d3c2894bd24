"""One measured process of the peer, in its own environment: LangChain with FAISS, as its quick start has it.

`langchain_faiss.py index|search WORK TEXTS` prints one JSON value. The texts are WORK/TEXTS.jsonl, lines `{"sheet",
"text"}`; raw ones are split as the quick start does, the passages of this project are taken as they are.
"""

import time

START = time.perf_counter()  # what is imported below is part of what is measured

import json
import resource
import sys
from pathlib import Path

from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

_FETCHED = 50  # pieces, enough for ten different sheets


def main(task: str, work: Path, texts: str) -> None:
    """Measure and print."""
    embeddings = HuggingFaceEmbeddings(
        model_name=str(work / "model"),
        # The model as its authors publish it; its folder holds float16, which is slow on processors.
        model_kwargs={"device": "cpu", "model_kwargs": {"dtype": "float32"}},
        encode_kwargs={"normalize_embeddings": True, "prompt": "passage: "},
        query_encode_kwargs={"normalize_embeddings": True, "prompt": "query: "},
    )
    folder = str(work / f"langchain-{texts}")
    result = _index(embeddings, work, texts, folder) if task == "index" else _search(embeddings, work, folder)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**result, "memory": memory}))


def _index(embeddings: HuggingFaceEmbeddings, work: Path, texts: str, folder: str) -> dict[str, float]:
    start = time.perf_counter()
    rows = [json.loads(line) for line in (work / f"{texts}.jsonl").open(encoding="utf-8")]
    documents = [Document(row["text"], metadata={"sheet": row["sheet"]}) for row in rows]
    if texts == "raw":
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        documents = splitter.split_documents(documents)
    FAISS.from_documents(documents, embeddings).save_local(folder)
    return {"index": time.perf_counter() - start, "texts": len(documents)}


def _search(embeddings: HuggingFaceEmbeddings, work: Path, folder: str) -> dict[str, object]:
    store = FAISS.load_local(folder, embeddings, allow_dangerous_deserialization=True)  # written by the line above
    questions = [json.loads(line) for line in (work / "questions.jsonl").open(encoding="utf-8")]
    store.similarity_search(questions[0]["query"], k=_FETCHED)
    load = time.perf_counter() - START
    seconds, rankings = [], {}
    for question in questions:
        start = time.perf_counter()
        documents = store.similarity_search(question["query"], k=_FETCHED)
        seconds.append(time.perf_counter() - start)
        rankings[question["id"]] = list(dict.fromkeys(document.metadata["sheet"] for document in documents))
    return {"load": load, "seconds": seconds, "dense": rankings}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
