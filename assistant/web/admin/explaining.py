"""Page that explains an answer to the staff: what was read of a question, what was tried, what ranked the sheets."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from assistant.answers.answer import Answer
from assistant.explaining.explain import Explanation, explain_after
from assistant.explaining.telling import LABELS, summarise, tell_held, tell_reading
from assistant.exports.export import render_html
from assistant.reading.message import LONGEST_QUESTION, LONGEST_READING
from assistant.web.admin.session import PAGES
from assistant.web.admin.site import AdminSite, form_check
from assistant.wording import EVIDENCE, QUESTION_TOO_COSTLY
from index.encoding.budget import QuestionTooCostly

EXPLAIN = f"{PAGES}/expliquer"
_MOST_BEFORE = 5  # questions asked before
Asked = Annotated[str, Query(max_length=LONGEST_QUESTION)]


def make_explaining(admin: AdminSite) -> APIRouter:
    """The page, which answers as a visitor is answered: nothing of members is in it."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(form_check(admin))])

    @router.get(EXPLAIN)
    async def page(request: Request, question: Asked = "", avant: Asked = "") -> Response:
        knowledge = admin.served.knowledge()
        before = [line.strip() for line in avant.splitlines() if line.strip()][:_MOST_BEFORE]
        content: dict[str, object] = {"question": question, "before": "\n".join(before), "error": "", "forms": []}
        if question.strip():
            try:
                explanation = await explain_after(before, question, knowledge, LONGEST_READING)
            except QuestionTooCostly:
                return admin.show(request, "explain.html", 422, **content | {"error": QUESTION_TOO_COSTLY})
            content |= _shown(explanation) | {"read": list(tell_reading(explanation.reading, knowledge.index.manifest))}
        return admin.show(request, "explain.html", 200, **content)

    return router


def _shown(explanation: Explanation) -> dict[str, object]:
    """What the page shows of an explanation: names in the words of staff, the answer as it is shown in the chat."""
    answer: Answer = explanation.answer
    titles = {sheet.sheet: sheet.title for sheet in explanation.sheets}
    return {
        "forms": [(LABELS[tried.form], tried.taken, tried.reason) for tried in explanation.forms],
        "sheets": [
            (sheet, ", ".join(f"{EVIDENCE.get(name, name)} {value:+.2f}" for name, value in sheet.evidence.items()))
            for sheet in explanation.sheets
        ],
        "sentences": [
            (each, titles[each.sheet], tell_held(each, explanation.reading)) for each in explanation.sentences
        ],
        "summary": summarise(explanation),
        "answer": render_html(answer.answer),
        "label": LABELS.get(answer.kind, answer.kind),
    }
