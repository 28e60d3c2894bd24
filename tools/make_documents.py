"""Write the three members' documents (PDF) that come with the project: python tools/make_documents.py

They exist for the first run and for the tests. The first is locked, with the password below, which the
tests state too. The font is DejaVu Sans, from Debian's package fonts-dejavu-core.
"""

from pathlib import Path

from fpdf import FPDF

FOLDER = Path(__file__).parent.parent / "sheets" / "pdf"
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
PASSWORD = "fiche-exemple"  # noqa: S105 - public on purpose

Part = tuple[str, list[str]]

DOCUMENTS: dict[str, tuple[str, list[list[Part]]]] = {
    "1.Fiche_descriptive-Gers.pdf": (
        "Budget participatif gersois",
        [
            [
                (
                    "POURQUOI UN BUDGET PARTICIPATIF DÉPARTEMENTAL",
                    [
                        "Un département agit loin du regard : collèges, routes, solidarités. En confiant une part de ses "
                        "investissements au choix des habitants, le Gers cherche d'abord à rendre visible ce qu'il fait.",
                        "Le règlement n'a pas été écrit par les services : des ateliers ouverts en ont discuté chaque "
                        "point, du montant maximal d'un projet à l'âge des votants.",
                    ],
                ),
                (
                    "QUI FAIT QUOI",
                    [
                        "Les habitants déposent les idées. Les services départementaux vérifient la faisabilité. "
                        "La commission citoyenne contrôle que le règlement est appliqué à tous de la même façon.",
                    ],
                ),
            ],
            [
                (
                    "CONSEILS POUR D'AUTRES DÉPARTEMENTS",
                    [
                        "Aller dans les marchés et les mairies avec des bulletins en papier : en zone rurale, "
                        "internet seul ne suffit pas.",
                        "Annoncer avant le vote comment les projets seront suivis, et par qui.",
                    ],
                ),
            ],
        ],
    ),
    "3.Fiche_descriptive-Coutances.pdf": (
        "Tok-Tok, la tournée de Coutances mer et bocage",
        [
            [
                (
                    "CHOISIR LES LIEUX D'ARRÊT",
                    [
                        "Chaque halte dure une demi-journée. L'équipe a croisé trois critères : un lieu où l'on passe "
                        "déjà, un public qui ne vient pas aux réunions, une place où la camionnette peut s'installer.",
                        "Les marchés donnent la parole aux familles, la sortie des collèges aux adolescents.",
                    ],
                ),
                (
                    "FABRIQUER LES OUTILS",
                    [
                        "Les supports ont été construits en interne : un arbre en bois pour accrocher des idées, une "
                        "carte des déplacements, un plateau de jeu.",
                        "Un support qui se prend en main en moins d'une minute fonctionne mieux qu'un questionnaire.",
                    ],
                ),
            ],
            [
                (
                    "CE QUE L'ÉQUIPE REFERAIT AUTREMENT",
                    [
                        "Revenir aux mêmes endroits pour raconter ce que les paroles recueillies ont changé.",
                        "Contact : equipe.participation@exemple.fr, 01 23 45 67 89.",
                    ],
                ),
            ],
        ],
    ),
    "10.Fiche_descriptive-Saillans.pdf": (
        "Saillans, un village géré avec ses habitants",
        [
            [
                (
                    "LES COMMISSIONS THÉMATIQUES ET LES GROUPES ACTION-PROJET",
                    [
                        "Une commission thématique débat des orientations d'un domaine. Un groupe action-projet se forme "
                        "ensuite pour une durée courte, avec un but précis, et se dissout quand il l'a atteint.",
                        "Chaque groupe rend compte de ses travaux par écrit, ce qui permet à ceux qui n'y étaient pas "
                        "de suivre.",
                    ],
                ),
                (
                    "LE RÔLE DES ÉLUS",
                    [
                        "Les élus travaillent en binômes sur chaque domaine : aucun ne décide seul, et chacun peut être "
                        "remplacé par l'autre.",
                        "Ils animent les réunions au lieu de les présider.",
                    ],
                ),
            ],
            [
                (
                    "LES LIMITES OBSERVÉES",
                    [
                        "Le rythme des réunions fatigue les bénévoles, et certains habitants ne s'y sont jamais reconnus.",
                        "Un sujet qui touche à la propriété, comme le plan local d'urbanisme, divise plus qu'il ne "
                        "rassemble, même préparé par des personnes tirées au sort.",
                    ],
                ),
            ],
        ],
    ),
}


def write_document(name: str, title: str, pages: list[list[Part]]) -> None:
    """One PDF: a running head and a number on each page, titles in capitals, paragraphs."""
    pdf = FPDF()
    pdf.add_font("DejaVu", fname=FONT)
    pdf.set_title(title)
    pdf.set_auto_page_break(auto=False)  # the number at the foot would start a page
    if name.startswith("1."):
        pdf.set_encryption(owner_password=f"{PASSWORD}-proprietaire", user_password=PASSWORD)
    for number, parts in enumerate(pages, start=1):
        pdf.add_page()
        pdf.set_font("DejaVu", size=9)
        pdf.cell(text=f"{title} – fiche descriptive", new_x="LMARGIN", new_y="NEXT", h=10)
        for heading, paragraphs in parts:
            pdf.set_font("DejaVu", size=13)
            pdf.multi_cell(w=0, text=heading, new_x="LMARGIN", new_y="NEXT", h=12)
            pdf.set_font("DejaVu", size=11)
            for paragraph in paragraphs:
                pdf.multi_cell(w=0, text=paragraph, new_x="LMARGIN", new_y="NEXT", h=7)
                pdf.ln(3)
        pdf.set_y(-20)
        pdf.cell(text=str(number))
    pdf.output(str(FOLDER / name))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, (title, pages) in DOCUMENTS.items():
        write_document(name, title, pages)
