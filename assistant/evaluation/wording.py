"""The French words of evaluations: names of figures, of kinds of questions and of signals; numbers and dates."""

from assistant.evaluation.record import Part

PARTS: dict[Part, str] = {
    "search": "Recherche",
    "turns": "Conversations",
    "facts": "Faits",
    "filters": "Filtres compris",
    "abstain": "Hors sujet",
    "wrongly_abstained": "Dans le sujet",
}
FIGURES = {
    "ndcg10": "nDCG@10",
    "first_is_best_grade": "première fiche la meilleure",
    "recall10": "rappel@10",
    "right_and_cited": "justes et cités",
    "right": "justes",
    "cited": "cités",
    "exact": "tous exacts",
    "precision": "précision",
    "recall": "rappel",
    "abstained": "réponses refusées",
    "all": "tous les tours",
    "first": "premiers tours",
    "later": "tours suivants",
}
KINDS = {
    "need": "besoin",
    "keyword": "mots-clés",
    "constraint": "contrainte",
    "typo": "fautes de frappe",
    "place": "lieu",
    "english": "anglais",
}


def name_figure(name: str) -> str:
    """ "search.by_kind.need" is "Recherche, nDCG@10, besoin"."""
    part, *rest = name.split(".")
    words = [next(label for key, label in PARTS.items() if key == part)]
    if rest[0] == "by_kind":
        kind = ".".join(rest[1:])
        return ", ".join([*words, "nDCG@10", KINDS.get(kind, kind) or "sans genre"])
    return ", ".join([*words, *(FIGURES[word] for word in rest)])


def number(value: float) -> str:
    """Three decimals, with the comma and the minus sign of French."""
    return f"{value:.3f}".replace(".", ",").replace("-", "\u2212")


def signed(value: float | None) -> str:
    """A difference with its sign; "=" when there is none, "" when it is not known."""
    if value is None:
        return ""
    if abs(value) < 0.0005:
        return "="
    return number(value) if value < 0 else f"+{number(value)}"


def day(date: str) -> str:
    """ "2026-11-24T05:30:00+00:00" is "24/11/2026 à 05:30" (UTC)."""
    return f"{date[8:10]}/{date[5:7]}/{date[:4]} à {date[11:16]} UTC"
