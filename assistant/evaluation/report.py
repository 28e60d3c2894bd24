"""Evaluations in French: a table on the terminal, and a report of every question in Markdown."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table

from assistant.evaluation.misses import Miss, MissedQuestion
from assistant.evaluation.record import Comparison, Evaluation, Outcome, Part
from assistant.evaluation.wording import KINDS, PARTS, day, name_figure, number, signed
from assistant.wording import EVIDENCE, count

_MOST_NAMES = 20  # questions named one by one on a terminal


def show_evaluation(evaluation: Evaluation, comparison: Comparison | None, console: Console) -> None:
    """The figures, with what changed since the last evaluation of the same set."""
    title = f"Jeu « {evaluation.set} », version {evaluation.version}, modèle {evaluation.model}"
    console.print(f"{title}\n", markup=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False, show_header=comparison is not None)
    table.add_column("")
    table.add_column("", justify="right")
    table.add_column("écart" if comparison else "", justify="right")
    for name, value in evaluation.figures().items():
        difference = comparison.differences.get(name) if comparison else None
        table.add_row(name_figure(name), number(value), signed(difference))
    console.print(table)
    if comparison:
        _show_comparison(evaluation, comparison, console)


def _show_comparison(evaluation: Evaluation, comparison: Comparison, console: Console) -> None:
    version = "" if comparison.version == evaluation.version else f", version {comparison.version}"
    console.print(f"\nComparé à l'évaluation du {day(comparison.date)}{version}.", soft_wrap=True)
    if not comparison.better and not comparison.worse:
        console.print("Aucune question n'a changé.")
    for label, names in (("Mieux", comparison.better), ("Moins bien", comparison.worse)):
        if names:
            more = f" et {len(names) - _MOST_NAMES} autres" if len(names) > _MOST_NAMES else ""
            console.print(f"{label}, {count(len(names), 'question')} : {', '.join(names[:_MOST_NAMES])}{more}")


def write_report(evaluation: Evaluation, comparison: Comparison | None, missed: Iterable[MissedQuestion]) -> str:
    """Markdown for whoever wants to know why: the figures, the sheets missed signal by signal, the other failures."""
    lines = [f"# Évaluation du jeu « {evaluation.set} », {day(evaluation.date)}", ""]
    lines += [f"Version {evaluation.version}, modèle {evaluation.model}.", ""]
    lines += ["| mesure | valeur | écart |", "|---|---|---|"]
    differences = comparison.differences if comparison else {}
    for name, value in evaluation.figures().items():
        lines.append(f"| {name_figure(name)} | {number(value)} | {signed(differences.get(name))} |")
    if comparison:
        lines += ["", f"Écarts avec l'évaluation du {day(comparison.date)}, version {comparison.version}."]
        lines += ["", f"Mieux : {', '.join(comparison.better) or 'aucune'}."]
        lines += ["", f"Moins bien : {', '.join(comparison.worse) or 'aucune'}."]
    scores = {each.id: each.score for each in evaluation.questions if each.part == "search"}
    for question in missed:
        lines += ["", *_write_missed(question, scores.get(question.question.id, 0.0))]
    for part in PARTS:
        failures = [each for each in evaluation.questions if each.part == part != "search" and each.score < 1]
        lines += _write_failures(part, failures)
    return "\n".join(lines) + "\n"


def _write_missed(missed: MissedQuestion, score: float) -> Iterator[str]:
    question = missed.question
    yield f"## {question.id} : {_one_line(question.query)}"
    yield ""
    kind = f" ; {KINDS.get(question.kind, question.kind)}" if question.kind else ""
    found = ", ".join(f"**{sheet}**" if sheet in question.relevant else sheet for sheet in missed.found)
    yield f"nDCG@10 {number(score)}{kind}. Trouvées, les bonnes en gras : {found or 'aucune'}."
    for miss in missed.misses:
        yield ""
        yield from _write_miss(miss)


def _write_miss(miss: Miss) -> Iterator[str]:
    place = f"au rang {miss.rank}" if miss.rank else "introuvable"
    yield f"Manque la fiche {miss.sheet} (note {miss.grade}), {place} : {_one_line(miss.title)}."
    if miss.gaps:
        yield ""
        yield "| signal | cette fiche | la dixième | écart |"
        yield "|---|---|---|---|"
        for gap in miss.gaps:
            name = EVIDENCE.get(gap.name, gap.name)
            difference = signed(gap.missed - gap.tenth)
            yield f"| {name} | {number(gap.missed)} | {number(gap.tenth)} | {difference} |"


def _write_failures(part: Part, failures: list[Outcome]) -> Iterator[str]:
    if failures:
        yield ""
        yield f"## {PARTS[part]} : {count(len(failures), 'question')} à revoir"
    for each in failures:
        yield ""
        yield f"**{each.id}** : {_one_line(each.question)}"
        yield f"- attendu : {_one_line(each.wanted)}"
        yield f"- obtenu : {_one_line(each.found) or 'rien'}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
