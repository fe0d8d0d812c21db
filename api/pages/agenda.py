"""The calendar of a groupement as a file any agenda reads (RFC 5545)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from analytics.groupement.calendrier import Etape, planifier
from analytics.groupement.donnees import DonneesGroupement
from analytics.procedures import procedure
from api.porte import Introuvable, Permission, Visiteur, exiger, maison_de
from api.services import groupements as service

router = APIRouter()

LARGEUR = 75
"""Octets of a line, after which it is folded (RFC 5545, § 3.1)."""


@router.get("/groupements/{identifiant}/calendrier.ics", include_in_schema=False)
def download(request: Request, identifiant: str, visiteur: Annotated[Visiteur, exiger(Permission.LIRE_GROUPEMENTS)]) -> Response:
    """The steps counted back from the start of the marché."""
    donnees = service.donnees_de(maison_de(request), visiteur, identifiant)
    etapes = etapes_de(donnees)
    if not etapes:
        raise Introuvable("Le début du marché n’est pas encore fixé : il n’y a pas de calendrier.")
    texte = ecrire_agenda(donnees, etapes)
    return Response(
        texte.encode(),
        media_type="text/calendar; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="calendrier_{donnees.identifiant}.ics"'},
    )


def etapes_de(donnees: DonneesGroupement) -> tuple[Etape, ...]:
    """The calendar of a groupement; empty when the start of its marché is not decided."""
    if donnees.calendrier.debut_marche is None or donnees.nature == "travaux":
        return ()
    voie = procedure(donnees.montant_total(), donnees.nature, donnees.date_droit, maximum_ht=donnees.maximum())
    return planifier(donnees.calendrier.debut_marche, donnees.date_droit, voie.genre)


def ecrire_agenda(donnees: DonneesGroupement, etapes: tuple[Etape, ...]) -> str:
    """The whole file, lines folded and ended as agendas want them."""
    lignes = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Mercuriale//FR", "CALSCALE:GREGORIAN"]
    for etape in etapes:
        lignes += _evenement(donnees, etape)
    return "\r\n".join(morceau for ligne in [*lignes, "END:VCALENDAR"] for morceau in plier(ligne)) + "\r\n"


def _evenement(donnees: DonneesGroupement, etape: Etape) -> list[str]:
    instant = datetime.combine(donnees.fige_le, datetime.min.time(), UTC)
    return [
        "BEGIN:VEVENT",
        f"UID:{donnees.identifiant}-{donnees.version}-{etape.code}@mercuriale",
        f"DTSTAMP:{instant:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{etape.debut:%Y%m%d}",
        f"DTEND;VALUE=DATE:{etape.fin + timedelta(days=1):%Y%m%d}",  # the end is the first day after
        f"SUMMARY:{echapper(f'{etape.libelle} ({donnees.identifiant})')}",
        f"DESCRIPTION:{echapper(f'{donnees.objet} : {etape.acte}')}",
        "END:VEVENT",
    ]


def echapper(texte: str) -> str:
    """A text value: commas, semicolons, backslashes and line ends are escaped (RFC 5545, § 3.3.11)."""
    return texte.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")


def plier(ligne: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, never cutting a character; each piece after the first begins with a space."""
    morceau = ""
    for signe in ligne:
        if len((morceau + signe).encode()) > LARGEUR:
            yield morceau
            morceau = " "
        morceau += signe
    yield morceau
