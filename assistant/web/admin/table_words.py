"""Words of the pages where staff bring tables: what a column may be, and how values may be parted."""

from ingest.column_plan import Part

PARTS: dict[str, dict[Part, str]] = {
    "": {"": "Ne pas lire"},
    "La fiche": {
        "title": "Titre de la fiche",
        "id": "Identifiant (numéro qui ne change jamais)",
        "organisation": "Porteur (organisation)",
        "year": "Année ou date",
        "website": "Adresse du site",
        "document": "PDF de la fiche (adhérents)",
        "logo": "Logo ou image",
        "questions": "Questions auxquelles elle répond (jamais montrées)",
    },
    "Les textes": {
        "text": "Texte",
        "summary": "Texte : présentation",
        "introduction": "Texte : contexte",
        "steps": "Texte : étapes, déroulé",
        "lesson": "Texte : ce qu’il faut retenir",
        "experience": "Texte : résultats, bilan",
        "limits": "Texte : limites, difficultés",
        "partners": "Texte : partenaires",
        "team": "Texte : équipe",
        "contact": "Contact de l’organisation (montré tel quel)",
        "fact": "Information courte (durée, coût, nombre…)",
    },
    "Les filtres": {
        "thematique": "Filtre : thème",
        "demarche": "Filtre : type d’action",
        "porteur": "Filtre : type de porteur",
    },
    "Le lieu": {
        "commune": "Commune",
        "postcode": "Code postal",
        "insee": "Code INSEE de la commune",
        "departement": "Département",
        "region": "Région",
        "address": "Adresse (rue)",
        "latitude": "Latitude",
        "longitude": "Longitude",
        "point": "Latitude et longitude dans une cellule",
    },
}
# What stands for each sign in the form: a line break cannot be the value of a choice.
SEPARATORS: dict[str, str] = {
    "": "rien : un seul texte",
    "ligne": "un retour à la ligne",
    ",": "une virgule",
    ";": "un point-virgule",
    "//": "deux barres //",
    "|": "une barre |",
    "/": "une barre /",
}
_LINE, _LINE_NAME = "\n", "ligne"
HEADS = {"file": "Fichier", "row": "Ligne", "column": "Colonne"}


def name_separator(mark: str) -> str:
    """A sign as the form has it."""
    return _LINE_NAME if mark == _LINE else mark


def read_separator(name: str) -> str:
    """A sign that was chosen; "" for what is none of those offered."""
    return _LINE if name == _LINE_NAME else name if name in SEPARATORS else ""
