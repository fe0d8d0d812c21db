"""Count the calendar of a groupement back from the day its marché must begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.parametres import table
from analytics.procedures import Genre
from analytics.typographie import date_longue, nombre


@dataclass(frozen=True)
class Etape:
    """One step of the calendar: from `debut` to `fin` included."""

    code: str
    libelle: str
    acte: str
    debut: date
    fin: date


ETAPES = (
    ("recensement", "Recensement des besoins", "fiche de besoins par membre"),
    ("choix", "Choix du coordonnateur, de la variante et de la clé", "note d’opportunité"),
    ("deliberations", "Délibération de chaque membre", "délibérations et convention transmises"),
    ("signature", "Signature de la convention, avant le lancement", "convention signée"),
    ("dossier", "Dossier de consultation", "RC, AE, CCAP, CCTP, BPU, DQE"),
    ("publicite", "Publicité et remise des offres", "avis d’appel à la concurrence"),
    ("analyse", "Analyse, attribution, information des candidats évincés", "rapport d’analyse"),
    ("notification", "Signature, transmission, notification", "marché"),
)


def planifier(debut_marche: date, au: date, genre: Genre = Genre.FORMALISEE) -> tuple[Etape, ...]:
    """The calendar counted back from the wished start of the marché; durations of `politique/calendrier` at `au`.

    A formalised procedure leaves at least the legal time for offers; the suspension before signature lies within the analysis.
    """
    durees = dict(table("politique/calendrier", au))
    if genre is Genre.FORMALISEE:
        legales = table("droit/delais_appel_offres", au)
        durees["publicite"] = max(durees["publicite"], -(-legales["reception_offres_electronique"] // 7))
    etapes = []
    fin = debut_marche
    for code, libelle, acte in reversed(ETAPES):
        debut = fin - timedelta(weeks=int(durees[code]))
        etapes.append(Etape(code, libelle, acte, debut, fin - timedelta(days=1)))
        fin = debut
    return tuple(reversed(etapes))


def alerte_du_calendrier(etapes: Sequence[Etape], au: date) -> str | None:
    """A sentence when the first step should have begun before `au`, else None."""
    retard = (au - etapes[0].debut).days
    if retard <= 0:
        return None
    return (
        f"Pour commencer à la date souhaitée, le recensement aurait dû débuter le {date_longue(etapes[0].debut)}, "
        f"il y a {nombre(retard)} jours : repoussez le début du marché ou raccourcissez des étapes."
    )
