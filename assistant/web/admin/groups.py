"""Pages of the questions without an answer: grouped by what they ask, each group closed by what staff decide."""

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Engine

from assistant.finding.search import find_hits
from assistant.learning.asked import AskedQuestion, Period, Verdict, read_questions, read_vectors
from assistant.learning.grouping import Group, group_questions
from assistant.learning.keys import KeyBook
from assistant.learning.masking import has_marks
from assistant.learning.rulings import reopen, rule
from assistant.web.admin.period import read_period, write_query
from assistant.web.admin.questions import QUESTIONS, ChosenPeriod, find_title, show_learning
from assistant.web.admin.site import AdminSite, PageRefused, form_check
from ingest.questions import judge_question
from ingest.sheet import Sheet

GROUPS, KEYS = f"{QUESTIONS}/sans-reponse", f"{QUESTIONS}/cles"
_A_PAGE = 50  # groups
_RULED_AT_ONCE = 1000  # questions: what a form may hold
_WORDINGS_SHOWN, _KEYS_OFFERED, _MOST_KEYS, _NEAREST = 100, 2, 10, 8
_LONGEST_IDS = 40_000  # characters
_GONE = "Cette question n'est plus gardée, ou n'est pas de cette période."

Subject = Literal["sans-reponse", "pas-utile"]
State = Literal["a-traiter", "classees"]
ChosenSubject = Annotated[Subject, Query(alias="objet")]
_VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True)
class Decision:
    """What the form of a group says, as it was filled in."""

    verdict: str = ""
    sheet: str = ""
    keys: str = ""


_NONE = Decision()


class GroupPages:
    """What the routes of these pages share."""

    def __init__(self, admin: AdminSite, engine: Engine) -> None:
        self.admin, self.engine, self.book = admin, engine, KeyBook(admin.settings.data_dir)

    def groups(self, period: Period, subject: Subject) -> list[Group]:
        """The groups of a period, whatever was decided, the largest first."""
        chosen = [each for each in read_questions(self.engine, period) if _is_about(each, subject)]
        model = self.admin.served.knowledge().encoder.name
        return group_questions(chosen, read_vectors(self.engine, chosen, model))

    def find(self, period: Period, subject: Subject, question: str) -> Group:
        """The group that holds a question, or raise PageRefused."""
        for group in self.groups(period, subject):
            if any(each.id == question for each in group.questions):
                return group
        raise PageRefused(404, _GONE)

    def show_list(self, request: Request, period: Period, subject: Subject, state: State, page: int) -> Response:
        """A page of the groups of a period, those that wait for a decision or those that have one."""
        every = self.groups(period, subject)
        chosen = [group for group in every if bool(group.open) == (state == "a-traiter")]
        index = self.admin.served.knowledge().index
        titles = {sheet: find_title(index, sheet) for group in chosen for _, sheet in [group.ruled] if sheet}
        return show_learning(
            self.admin,
            request,
            "groups.html",
            period,
            groups=chosen[(page - 1) * _A_PAGE : page * _A_PAGE],
            count=len(chosen),
            questions=sum(len(group.questions) for group in chosen),
            subject=subject,
            state=state,
            number=page,
            more=len(chosen) > page * _A_PAGE,
            titles=titles,
            group_query=write_query(period, objet=subject),
        )

    def show_group(
        self,
        request: Request,
        period: Period,
        subject: Subject,
        group: Group,
        decision: Decision = _NONE,
        errors: tuple[str, ...] = (),
    ) -> Response:
        """The page of a group, with its form as it was filled in."""
        knowledge = self.admin.served.knowledge()
        nearest = [hit.sheet for hit in find_hits(group.typical.question, knowledge, k=_NEAREST)]
        verdict, sheet = group.ruled
        filled = decision if decision != _NONE or errors else Decision(keys="\n".join(_offer_keys(group)))
        return show_learning(
            self.admin,
            request,
            "group.html",
            period,
            422 if errors else 200,
            group=group,
            subject=subject,
            group_query=write_query(period, objet=subject),
            wordings=group.texts[:_WORDINGS_SHOWN],
            ids=",".join(each.id for each in group.questions[:_RULED_AT_ONCE]),
            nearest=nearest,
            others=[each for each in knowledge.index.practices if each not in nearest],
            decision=filled,
            errors=errors,
            ruled=verdict,
            ruled_title=find_title(knowledge.index, sheet) if sheet else "",
            most_keys=_MOST_KEYS,
        )

    def find_sheet(self, sheet_id: str) -> Sheet | None:
        """The sheet that a form names."""
        return self.admin.served.knowledge().index.find_sheet(sheet_id)


def make_groups(admin: AdminSite, engine: Engine) -> APIRouter:
    """The list of groups, the page of each, and what is decided there."""
    pages = GroupPages(admin, engine)
    router = APIRouter(include_in_schema=False, dependencies=[Depends(form_check(admin))])
    for part in (_make_list(pages), _make_decisions(pages)):
        router.include_router(part)
    return router


def _make_list(pages: GroupPages) -> APIRouter:
    router = APIRouter(prefix=GROUPS)

    @router.get("")
    def list_groups(
        request: Request,
        period: ChosenPeriod,
        subject: ChosenSubject = "sans-reponse",
        etat: State = "a-traiter",
        page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    ) -> Response:
        return pages.show_list(request, period, subject, etat, page)

    @router.get("/{question}")
    def read(
        request: Request, question: str, period: ChosenPeriod, subject: ChosenSubject = "sans-reponse"
    ) -> Response:
        return pages.show_group(request, period, subject, pages.find(period, subject, question))

    return router


def _make_decisions(pages: GroupPages) -> APIRouter:
    router = APIRouter(prefix=GROUPS)

    @router.post("/{question}")
    def decide(
        request: Request,
        question: str,
        period: ChosenPeriod,
        ids: Annotated[str, Form(max_length=_LONGEST_IDS)],
        verdict: Annotated[str, Form(max_length=20)] = "",
        sheet: Annotated[str, Form(max_length=200)] = "",
        keys: Annotated[str, Form(max_length=10_000)] = "",
        subject: ChosenSubject = "sans-reponse",
    ) -> Response:
        decision = Decision(verdict, sheet, keys)
        lines = _read_keys(keys)
        if errors := _check(decision, lines, pages.find_sheet(sheet)):
            group = pages.find(period, subject, question)
            return pages.show_group(request, period, subject, group, decision, errors)
        chosen = next(each for each in _VERDICTS if each == verdict)
        linked = (sheet, lines) if chosen == "sheet" else ("", [])
        count = rule(pages.engine, pages.book, ids.split(","), chosen, *linked)
        request.state.session.message = _tell_decided(chosen, count)
        return RedirectResponse(f"{GROUPS}{write_query(period, objet=subject)}", 303)

    @router.post("/{question}/rouvrir")
    def take_back(
        request: Request,
        question: str,
        period: ChosenPeriod,
        ids: Annotated[str, Form(max_length=_LONGEST_IDS)],
        subject: ChosenSubject = "sans-reponse",
    ) -> Response:
        reopen(pages.engine, pages.book, ids.split(","))
        request.state.session.message = "Ces questions sont de nouveau à traiter."
        return RedirectResponse(f"{GROUPS}/{question}{write_query(period, objet=subject)}", 303)

    return router


def make_keys(admin: AdminSite) -> APIRouter:
    """The questions that staff linked to sheets: they outlive those they come from."""
    book = KeyBook(admin.settings.data_dir)
    router = APIRouter(prefix=KEYS, include_in_schema=False, dependencies=[Depends(form_check(admin))])

    @router.get("")
    def list_keys(request: Request) -> Response:
        index = admin.served.knowledge().index
        keys = [(sheet, find_title(index, sheet), texts) for sheet, texts in book.read().items()]
        return show_learning(admin, request, "keys.html", read_period(), keys=keys)

    @router.post("")
    def remove(
        request: Request,
        sheet: Annotated[str, Form(max_length=200)],
        key: Annotated[str, Form(max_length=1000)],
    ) -> Response:
        book.remove(sheet, [key])
        request.state.session.message = "Cette question n'est plus liée à la fiche. Il reste à réindexer."
        return RedirectResponse(KEYS, 303)

    return router


def _is_about(question: AskedQuestion, subject: Subject) -> bool:
    return question.is_unanswered if subject == "sans-reponse" else question.opinion == -1


def _offer_keys(group: Group) -> list[str]:
    """What may find a sheet from now on: the typical wording, then those most often used."""
    texts = [group.typical.question, *(text for text, _ in group.texts)]
    usable = [text for text in dict.fromkeys(texts) if not has_marks(text) and not judge_question(text)]
    return usable[:_KEYS_OFFERED]


def _read_keys(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _check(decision: Decision, keys: list[str], sheet: Sheet | None) -> tuple[str, ...]:
    """What is wrong with a decision, in French; nothing when it can be kept."""
    if decision.verdict not in _VERDICTS:
        return ("Choisissez ce que devient cette question.",)
    if decision.verdict != "sheet":
        return ()
    errors = [] if sheet else ["Choisissez la fiche qui répond."]
    if not keys:
        errors.append("Écrivez au moins une question par laquelle trouver la fiche.")
    if len(keys) > _MOST_KEYS:
        errors.append(f"Gardez {_MOST_KEYS} questions au plus.")
    errors += [f"« {key} » : retirez ce qui est entre crochets." for key in keys if has_marks(key)]
    errors += [reason[:1].upper() + reason[1:] + "." for key in keys if (reason := judge_question(key))]
    return tuple(errors)


def _tell_decided(verdict: Verdict, count: int) -> str:
    questions = "1 question est classée" if count == 1 else f"{count} questions sont classées"
    if verdict == "sheet":
        return f"{questions}. La fiche sera trouvée par elles après la prochaine réindexation."
    return f"{questions} « {'fiche à écrire' if verdict == 'write' else 'pas pour nous'} »."
