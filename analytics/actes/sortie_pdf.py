"""Write the blocks of an act as an accessible PDF (PDF/UA-1): typst lays them out, they are passed as data, never as code."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from analytics.actes.blocs import Bloc, Liste, Morceau, Paragraphe, Saut, Tableau, Titre, annonce, montrer
from analytics.actes.mention import Mention
from analytics.mise_en_pdf import composer


def ecrire_pdf(blocs: Sequence[Bloc], mention: Mention, chemin: Path) -> Path:
    """Write the PDF at `chemin`; the same blocks and mention give the same bytes. Characters no font prints are shown as such."""
    donnees = {
        "titre": mention.titre,
        "courte": mention.courte,
        "preuve": mention.preuve,
        "blocs": [_block(bloc) for bloc in blocs],
    }
    octets = composer((files("templates") / "actes" / "mise_en_page.typ").read_bytes(), donnees, mention.date_document)
    chemin.write_bytes(octets)
    return chemin


def _block(bloc: Bloc) -> dict[str, Any]:
    if isinstance(bloc, Titre):
        return {"genre": "titre", "niveau": bloc.niveau, "morceaux": _runs(bloc.morceaux)}
    if isinstance(bloc, Paragraphe):
        return {"genre": "paragraphe", "annonce": annonce(bloc), "morceaux": _runs(bloc.morceaux)}
    if isinstance(bloc, Liste):
        return {"genre": "liste", "ordonnee": bloc.ordonnee, "elements": [_runs(element) for element in bloc.elements]}
    if isinstance(bloc, Tableau):
        return {
            "genre": "tableau",
            "entete": [_runs(cellule) for cellule in bloc.entete],
            "lignes": [[_runs(cellule) for cellule in ligne] for ligne in bloc.lignes],
            "a_droite": list(bloc.a_droite),
            "largeurs": list(bloc.largeurs),
            "signatures": bloc.signatures,
        }
    if isinstance(bloc, Saut):
        return {"genre": "saut"}
    raise TypeError(bloc)


def _runs(morceaux: Sequence[Morceau]) -> list[dict[str, Any]]:
    return [{"texte": montrer(m), "gras": m.gras, "italique": m.italique, "blanc": m.blanc} for m in morceaux]
