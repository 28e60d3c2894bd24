"""Review: every question that sheets answer as staff see it, with where it comes from and what became of it."""

from assistant.proposals.proposals import ProposalBook, question_code
from index.storage.version_store import VersionStore
from ingest.questions import SheetQuestion, State, choose_keys
from ingest.sheet import Frozen


class Listed(Frozen):
    """A question as staff see it."""

    code: str
    sheet: str
    title: str
    question: str
    origin: str
    state: State


def list_questions(store: VersionStore, book: ProposalBook) -> list[Listed]:
    """The questions in service, then those of the book that are not: rejected, or not indexed yet; by sheet."""
    titles, served = _read_served(store)
    states = {
        question_code(proposal.sheet, each.text): (proposal.sheet, each.text, each.state)
        for proposal in book
        for each in proposal.questions
    }
    rows: dict[str, Listed] = {}
    for question in served:
        code = question_code(question.sheet, question.text)
        # What staff said since the last indexing is the truth.
        state = states[code][2] if question.origin == "model" and code in states else question.state
        rows[code] = _describe(code, question.model_copy(update={"state": state}), titles)
    for code, (sheet, text, state) in states.items():
        if code not in rows:
            rows[code] = _describe(code, SheetQuestion(sheet=sheet, text=text, origin="model", state=state), titles)
    order = {sheet: number for number, sheet in enumerate(titles)}
    return sorted(rows.values(), key=lambda row: order.get(row.sheet, len(order)))


def _describe(code: str, question: SheetQuestion, titles: dict[str, str]) -> Listed:
    return Listed(
        code=code,
        sheet=question.sheet,
        title=titles.get(question.sheet, "qui n'est plus dans l'index"),
        question=question.text,
        origin=question.origin,
        state=question.state,
    )


def _read_served(store: VersionStore) -> tuple[dict[str, str], tuple[SheetQuestion, ...]]:
    """The titles of the sheets in service by their ids, and their questions; none without an index."""
    version = store.current()
    manifest = next((each for each in store.manifests() if each.version == version), None)
    if manifest is None:
        return {}, ()
    index = store.open(manifest.model, "members", version)
    titles = {sheet.id: sheet.title for sheet in index.sheets}
    return titles, choose_keys(question for part in index.question_parts for question in part.questions)
