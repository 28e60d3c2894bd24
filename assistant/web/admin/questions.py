"""Pages of what people ask: how much, about what, answered or not, by which sheets, and what they think of it."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy import Engine

from assistant.exports.spreadsheet import write_table
from assistant.french.dates import say_date
from assistant.learning.asked import AskedQuestion, Period, read_questions
from assistant.learning.figures import count_figures
from assistant.web.admin.chart import draw_chart
from assistant.web.admin.learning_words import (
    ACCESSES,
    CHANNELS,
    KINDS,
    LANGUAGES,
    OPINIONS,
    VERDICTS,
)
from assistant.web.admin.period import offer_periods, read_period, write_query
from assistant.web.admin.session import PAGES
from assistant.web.admin.site import AdminSite, form_check
from assistant.wording import REASONS
from index.filters import Filters
from index.opened import Index

QUESTIONS = f"{PAGES}/questions"
_OPINIONS_SHOWN = 200
ChosenPeriod = Annotated[Period, Depends(read_period)]

_HEADER = (
    *("Date", "Question", "Canal", "Lecteur", "Langue", "Genre de réponse", "Sans réponse", "Raison"),
    *("Fiches citées", "Fiches trouvées", "Compris", "Secondes", "Avis", "Commentaire", "Décision", "Fiche choisie"),
)


def make_questions(admin: AdminSite, engine: Engine) -> APIRouter:
    """The page of figures, that of opinions, and the file of everything."""
    router = APIRouter(prefix=QUESTIONS, include_in_schema=False, dependencies=[Depends(form_check(admin))])

    def index() -> Index:
        return admin.served.knowledge().index

    @router.get("")
    def figures(request: Request, period: ChosenPeriod) -> Response:
        counted = count_figures(read_questions(engine, period), period, index())
        return show_learning(admin, request, "questions.html", period, figures=counted, chart=draw_chart(counted.spans))

    @router.get("/avis")
    def opinions(request: Request, period: ChosenPeriod, avis: Annotated[str, Query(max_length=10)] = "") -> Response:
        judged = [each for each in read_questions(engine, period) if each.opinion]
        wanted = {"utile": 1, "pas-utile": -1}.get(avis, 0)
        chosen = [each for each in judged if not wanted or each.opinion == wanted]
        titles = {key: find_title(index(), key) for each in chosen[:_OPINIONS_SHOWN] for key in each.cited}
        return show_learning(
            admin,
            request,
            "opinions.html",
            period,
            judged=chosen[:_OPINIONS_SHOWN],
            count=len(chosen),
            wanted=avis,
            titles=titles,
        )

    return router


def make_questions_file(admin: AdminSite, engine: Engine) -> APIRouter:
    """The file of everything."""
    router = APIRouter(prefix=PAGES, include_in_schema=False, dependencies=[Depends(form_check(admin))])

    @router.get("/questions.csv")
    def table(period: ChosenPeriod) -> Response:
        content = write_table(_HEADER, _write_rows(read_questions(engine, period)))
        name = f"questions-{period.first.isoformat()}-{period.last.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)

    return router


def show_learning(
    admin: AdminSite, request: Request, page: str, period: Period, status: int = 200, **content: object
) -> Response:
    """A page on what people ask, with what all of them show."""
    words = {
        "KINDS": KINDS,
        "REASONS": REASONS,
        "CHANNELS": CHANNELS,
        "ACCESSES": ACCESSES,
        "LANGUAGES": LANGUAGES,
        "VERDICTS": VERDICTS,
        "OPINIONS": OPINIONS,
    }
    common = {
        "period": period,
        "query": write_query(period),
        "periods": offer_periods(period, admin.settings.retention_days),
        "settings": admin.settings,
        "here": request.url.path,
    }
    return admin.show(request, page, status, **{**words, **common, **content})


def find_title(index: Index, sheet_id: str) -> str:
    """The title of a sheet, or that it is gone."""
    sheet = index.find_sheet(sheet_id)
    return sheet.title if sheet else f"fiche {sheet_id}, qui n’est plus dans l’index"


def _write_rows(questions: list[AskedQuestion]) -> Iterator[list[str]]:
    for each in questions:
        yield [
            say_date(each.at.isoformat()),
            each.question,
            CHANNELS.get(each.channel, each.channel),
            ACCESSES.get(each.access, each.access),
            LANGUAGES.get(each.language, each.language),
            KINDS.get(each.kind, each.kind),
            "oui" if each.is_unanswered else "non",
            REASONS.get(each.reason, each.reason),
            ", ".join(each.cited),
            ", ".join(each.sheets),
            _say_filters(each.filters),
            f"{each.seconds:.2f}".replace(".", ","),
            OPINIONS[each.opinion],
            each.comment,
            VERDICTS[each.verdict] if each.verdict else "",
            each.ruled_sheet,
        ]


def _say_filters(kept: dict[str, object]) -> str:
    filters = Filters.model_validate(kept)
    return " ; ".join(f"{key} {value}" for key in filters.stated for value in filters.values(key))
