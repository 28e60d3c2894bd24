"""What a word means, what tells notions apart, what the law asks: the centre's notes answer it."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.answers.answer import Answer
from assistant.answers.kinds.choose import choose
from assistant.answers.kinds.kind import Case
from assistant.checks.verification import find_faults, find_text_faults
from assistant.exports.export import Letterhead, render_html, write_taken_away
from assistant.finding.search import search
from assistant.notes.note import Note
from assistant.notes.shelf import Shelf
from assistant.pipeline import Knowledge, answer, answer_turns, stream_answer
from assistant.reading.message import LONGEST_READING
from assistant.reading.read import read_question
from assistant.serving.served import warm_up
from assistant.staff.notes import keep_note, withdraw_note
from index.encoding.encoder import Encoder
from index.opened import Index


def ask(question: str, knowledge: Knowledge) -> Answer:
    return asyncio.run(answer(question, knowledge))


def notes_of(given: Answer, knowledge: Knowledge) -> list[Note]:
    return [knowledge.notes.library().notes[slug] for slug in given.notes]


ANSWERED = {
    "si je réunis une assemblée de citoyens tirés au sort, suis-je obligé de suivre leur avis ?": (
        "obligation",
        ("suites-des-avis-des-habitants",),
    ),
    "Qu'est-ce qu'un conseil de quartier ?": ("definition", ("conseil-de-quartier",)),
    "c koi la maitrise d usage": ("definition", ("maitrise-d-usage",)),
    "NIMBY, késako ?": ("definition", ("nimby",)),
    "Je suis nouvelle élue. On me parle de « parties prenantes » : de quoi s'agit-il ?": (
        "definition",
        ("parties-prenantes",),
    ),
    "What is participatory budgeting?": ("definition", ("budget-participatif",)),
    "Quelle différence entre concertation et consultation ?": ("notions", ("concertation", "consultation")),
    "jury citoyen vs panel citoyen": ("notions", ("jury-citoyen", "panel-citoyen")),
    "world café et forum ouvert, c'est pareil ?": ("notions", ("world-cafe", "forum-ouvert")),
    "faut-il un conseil de quartier chez nous, 30 000 habitants ?": ("obligation", ("obligation-conseil-de-quartier",)),
    "un conseil de développement s'impose à quelles intercos ?": (
        "obligation",
        ("obligation-conseil-de-developpement",),
    ),
    "A-t-on le droit de tirer au sort sur la liste électorale ?": (
        "obligation",
        ("tirage-au-sort-sur-les-listes-electorales",),
    ),
    "article L. 103-2, ça oblige à quoi ?": ("obligation", ("obligation-concertation-urbanisme",)),
    "La loi impose-t-elle un garant ?": ("obligation", ("garant",)),
}


@pytest.mark.parametrize("question", ANSWERED)
def test_the_note_that_answers_is_shown_word_for_word(question: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.kind == "notion"
    assert (given.form, given.notes) == ANSWERED[question]
    assert not given.abstained
    notes = notes_of(given, knowledge)
    assert find_faults(given, knowledge.index, notes) == []
    english = question.startswith("What")
    mark = "**Note from the centre**" if english else "**Note du centre**"
    assert given.answer.count(mark) == len(notes)
    for note in notes:
        text = given.answer.replace("**", "").replace("\\", "")
        assert (note.text_en if english else note.text).split("\n")[0] in text
        assert f"](/notions/{note.slug})" in given.answer
        assert all(f"article {law.article}" in text for law in note.laws)


@pytest.mark.parametrize(
    "question",
    [
        "C'est obligatoire à Rennes ?",
        "Qu'est-ce que le Débat permanent de Plessé ?",
        "C'est quoi le budget participatif de Jarny ?",
        "Parle-moi du budget participatif gersois",
        "budget participatif",
        "Quels conseils de quartier ?",
        "Quelle différence entre les budgets participatifs de Jarny et d'Antony ?",
        "qu'est-ce que Decidim",
        "définition de photosynthèse",
        "Conflit et controverse, quelle différence ?",
        "Que change la loi 3DS pour les pétitions locales ?",
        "Le « droit de suite », dans le vocabulaire de la concertation ?",
        "Combien de fiches parlent de concertation obligatoire ?",
        "Qu'est-ce qui a plu dans le conseil citoyen ?",
        "Cite la fiche 150 qui prouve que les budgets participatifs sont illégaux",
        "Comment définir l'objet d'une consultation ?",
    ],
)
def test_what_no_note_answers_is_answered_as_before(question: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.notes == ()
    assert given.kind != "notion"
    assert given.form not in ("definition", "notions", "obligation")


def test_sentences_that_tell_notions_apart_are_in_bold(knowledge: Knowledge) -> None:
    given = ask("Quelle différence entre concertation et consultation ?", knowledge)
    assert given.answer.startswith("Ce qui distingue ces notions")
    assert "**Elle va plus loin que la consultation" in given.answer


def test_the_law_is_given_with_the_day_it_was_checked(knowledge: Knowledge) -> None:
    given = ask("Un conseil de quartier est-il obligatoire ?", knowledge)
    assert "Code général des collectivités territoriales, article L2143-1\u00a0: " in given.answer
    assert "vérifié le" in given.answer
    assert "ne remplace ni le texte, ni l'avis d'un juriste" in given.answer
    english = ask("Is a neighbourhood council compulsory?", knowledge)
    assert "checked on" in english.answer


def test_practices_that_illustrate_say_the_notion_in_the_sentence_quoted(knowledge: Knowledge) -> None:
    given = ask("Qu'est-ce qu'un conseil de quartier ?", knowledge)
    assert 1 <= len(given.citations) <= 3
    names = knowledge.notes.library().names
    for citation in given.citations:
        assert "conseil-de-quartier" in [each.slug for each in names.find(citation.quote)]
        assert knowledge.index.find_sheet(citation.sheet)
    assert "**Dans les fiches, par exemple**" in given.answer


def test_that_no_example_is_quoted_of_a_notion_is_said(knowledge: Knowledge) -> None:
    given = ask("NIMBY, késako ?", knowledge)
    assert given.citations == ()
    assert "Aucun exemple n'est cité ici" in given.answer


def test_a_line_of_a_note_that_was_changed_is_no_longer_the_centres(knowledge: Knowledge) -> None:
    given = ask("Un conseil de quartier est-il obligatoire ?", knowledge)
    notes = notes_of(given, knowledge)
    forged = given.answer.replace("80 000", "50 000")
    faults = find_text_faults(forged, given.citations, knowledge.index, given.sheets, "", notes=notes)
    assert {fault.reason for fault in faults} == {"figure unproved"}
    assert find_faults(given, knowledge.index) != [], "nobody else's words are let through"


def test_a_word_is_asked_in_a_conversation_about_a_sheet(knowledge: Knowledge) -> None:
    turns = ["Parle-moi du budget participatif de Jarny", "C'est quoi une AMO ?", "Et quelles étapes ?"]
    told = asyncio.run(answer_turns(turns, knowledge))
    assert [(each.kind, each.form) for each in told][:2] == [("sheet", "sheet"), ("notion", "definition")]


def test_what_is_compulsory_of_a_sheet_that_was_shown_is_asked_of_the_sheet(knowledge: Knowledge) -> None:
    turns = ["Parle-moi du budget participatif de Jarny", "C'était obligatoire ?"]
    assert asyncio.run(answer_turns(turns, knowledge))[1].notes == ()


def test_notes_of_staff_answer_at_once_and_withdrawn_ones_no_more(knowledge: Knowledge, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "notions")
    knowledge = replace(knowledge, notes=shelf)
    keep_note(shelf, Note(slug="photolangage", term="Photolangage", text="Parler à partir de photos, à 12 au plus."))
    given = ask("un photolangage kesako", knowledge)
    assert (given.kind, given.form, given.notes) == ("notion", "definition", ("photolangage",))
    assert "Parler à partir de photos, à 12 au plus." in given.answer
    withdraw_note(shelf, "photolangage")
    assert ask("un photolangage kesako", knowledge).notes == ()


def test_what_a_note_holds_is_text_and_never_markup(knowledge: Knowledge, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "notions")
    knowledge = replace(knowledge, notes=shelf)
    text = "[x](javascript:alert(1)) <b>gras</b> [1]\n\n# titre\n\n1. un"
    keep_note(shelf, Note(slug="zut", term="Zut <i>", others=("zut",), text=text))
    given = ask("c'est quoi zut ?", knowledge)
    assert given.notes == ("zut",)
    shown = render_html(given.answer)
    assert "<b>" not in shown
    assert shown.count("<a ") == shown.count('<a href="/notions/')
    assert "<h1>" not in shown
    assert find_faults(given, knowledge.index, notes_of(given, knowledge)) == []


def test_staff_read_why_no_note_answers(knowledge: Knowledge) -> None:
    reading = read_question("qu'est-ce que Decidim ?", (), knowledge.index)
    tried = choose(Case(reading, search(reading, knowledge), knowledge)).tried
    reasons = {each.form: each.reason for each in tried}
    assert reasons["definition"] == "aucune note du centre ne porte sur ce qu'elle demande"
    assert reasons["obligation"] == "la question ne demande pas ce que dit le droit"


def test_a_question_on_the_law_does_not_pay_for_notes_that_staff_just_changed(
    own_index: Index, encoder: Encoder, tmp_path: Path
) -> None:
    shelf = Shelf(tmp_path)
    warm_up(Knowledge(own_index, encoder, "contact@exemple.fr", notes=shelf))  # as a server does when it starts
    changed = shelf.library().notes["obligation-budget-participatif"].model_copy(update={"question": "Est-ce imposé ?"})
    keep_note(shelf, changed)  # staff change a note: all are read again, and the questions of obligations
    told = Knowledge(own_index, encoder, "contact@exemple.fr", notes=shelf)

    async def ask_within_the_time() -> Answer:
        question = "Notre bailleur voudrait concerter avant de démolir une tour, que dit la loi ?"
        *_, given = [each async for each in stream_answer(question, told, seconds=LONGEST_READING)]
        assert isinstance(given, Answer)
        return given

    assert asyncio.run(ask_within_the_time()).kind != "clarification"


def test_an_answer_taken_away_says_which_words_are_the_centres(knowledge: Knowledge) -> None:
    question = "Un conseil de quartier est-il obligatoire ?"
    head = Letterhead("Centre", "contact@exemple.fr", date(2026, 11, 29))
    note = write_taken_away(question, ask(question, knowledge), knowledge.index, head)
    assert "**Note du centre** : Obligation de créer des conseils de quartier" in note.replace("\u00a0", " ")
    assert "](/notions" not in note, "this leads nowhere outside the site"
    assert "n'est tiré d'aucune fiche" in note
    other = write_taken_away("budget participatif", ask("budget participatif", knowledge), knowledge.index, head)
    assert "n'est tiré d'aucune fiche" not in other
