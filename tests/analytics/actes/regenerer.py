"""Write the expected texts again after a wanted change of wording: `python -m tests.analytics.actes.regenerer`, then read the diff."""

from pathlib import Path

from analytics.actes.redaction import CONVENTION, DELIBERATION, texte_markdown
from analytics.actes.rendu import DEBUT_BLANC, FIN_BLANC, PRECISION
from tests.analytics.actes.conftest import exemple

ATTENDUS = Path(__file__).resolve().parents[2] / "attendus" / "actes"


def textes() -> dict[str, str]:
    """Name of the expected file → drafted text."""
    donnees = exemple()
    au = donnees.date_droit
    tous = {"convention": texte_markdown(donnees, au, CONVENTION)}
    for membre in donnees.parties:
        tous[f"deliberation_{membre.nature.value}_{membre.siren}"] = texte_markdown(donnees, au, DELIBERATION, membre.siren)
    return {nom: rendre_lisible(texte) for nom, texte in tous.items()}


def rendre_lisible(texte: str) -> str:
    """Blanks between brackets, so that the expected files hold only characters one can type."""
    return texte.replace(DEBUT_BLANC, "[à compléter : ").replace(PRECISION, " | ").replace(FIN_BLANC, "]")


if __name__ == "__main__":
    for nom, texte in textes().items():
        (ATTENDUS / f"{nom}.md").write_text(texte, encoding="utf-8")
