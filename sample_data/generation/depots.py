"""Which files each membre sends, in which layout: the plan of the demonstration data."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sample_data.generation import dispositions as d
from sample_data.generation.achats import Ligne
from sample_data.generation.catalogue import Membre, Vocabulaire
from sample_data.generation.classeurs import ecrire_ods, ecrire_xlsx
from sample_data.generation.dispositions import Disposition
from sample_data.generation.ecriture import Contexte, Rangee, disposer
from sample_data.generation.factures import ecrire_factures
from sample_data.generation.pes import ecrire_pes
from sample_data.generation.textes import ecrire_texte
from sample_data.generation.verite import Verite


@dataclass(frozen=True)
class Envoi:
    """One file: its name, the period it covers (both ends included), its layout, and what was already sent of that period."""

    nom: str
    debut: date
    fin: date
    disposition: Disposition | None  # None for e-invoices and PES, whose form is fixed
    deja: tuple[date, date] | None = None
    genre: str = "tableau"  # tableau | factures | pes


@dataclass(frozen=True)
class Fichier:
    """Bytes of one file and the truth of its lines."""

    nom: str
    octets: bytes
    verites: list[Verite]


def _an(annee: int) -> tuple[date, date]:
    return date(annee, 1, 1), date(annee, 12, 31)


def _par_an(motif: str, disposition: Disposition) -> tuple[Envoi, ...]:
    return tuple(Envoi(motif.format(annee=annee), *_an(annee), disposition) for annee in (2023, 2024, 2025))


def _tout(nom: str, disposition: Disposition) -> tuple[Envoi, ...]:
    return (Envoi(nom, date(2023, 1, 1), date(2025, 12, 31), disposition),)


PLAN: Mapping[str, tuple[Envoi, ...]] = {
    "angouleme": _par_an("export_detail_mandats_{annee}.csv", d.MAGNUS),
    "la-couronne": (
        Envoi("factures_2023.csv", *_an(2023), d.FACTURIER),
        Envoi("factures_2024.csv", *_an(2024), d.FACTURIER),
        Envoi(
            "factures_2024_07_a_2025_12.csv", date(2024, 7, 1), date(2025, 12, 31), d.FACTURIER, deja=(date(2024, 7, 1), date(2024, 12, 31))
        ),
    ),
    "fleac": _par_an("etat_achats_{annee}.csv", d.TITRE_ET_EUROS),
    "gond-pontouvre": _par_an("Suivi achats {annee}.xlsx", d.CLASSEUR),
    "l-isle-d-espagnac": _tout("achats unicode.txt", d.TEXTE_UNICODE),
    "linars": _tout("achats_linars.ods", d.CLASSEUR_ODS),
    "magnac-sur-touvre": _tout("achats_magnac.csv", d.OUVERT),
    "mornac": (
        Envoi("PES_DEPENSE_2023.xml", *_an(2023), None, genre="pes"),
        Envoi("ACHATS 2024-2025.TXT", date(2024, 1, 1), date(2025, 12, 31), d.VIEUX_MAC),
    ),
    "nersac": _tout("mandats_nersac.csv", d.SANS_PRIX_UNITAIRE),
    "puymoyen": (
        Envoi("achats_2023_2024.csv", date(2023, 1, 1), date(2024, 12, 31), replace(d.FACTURIER, encodage="utf-8", fin_de_ligne="\n")),
        Envoi("factures_recues_2025.zip", *_an(2025), None, genre="factures"),
    ),
    "ruelle-sur-touvre": _par_an("Achats_{annee}.xlsx", d.CLASSEUR_DEUX_NIVEAUX),
    "saint-michel": _tout("extraction.txt", d.BARRES),
    "saint-saturnin": (
        Envoi("PES_DEPENSE_2023.xml", *_an(2023), None, genre="pes"),
        Envoi("achats_2024.csv", *_an(2024), replace(d.TITRE_ET_EUROS, totaux="bas")),
        Envoi("achats_2025.csv", *_an(2025), replace(d.TITRE_ET_EUROS, totaux="bas")),
    ),
    "saint-yrieix-sur-charente": _tout("Achats 2023-2025.xlsx", d.CLASSEUR_ANNEES),
    "soyaux": (
        Envoi("detail_2023_2024.csv", date(2023, 1, 1), date(2024, 12, 31), replace(d.FACTURIER, separateur="\t", montant=d.parentheses)),
        Envoi(
            "detail_2025_1er_semestre.csv",
            date(2025, 1, 1),
            date(2025, 6, 30),
            replace(d.FACTURIER, separateur="\t", montant=d.parentheses),
        ),
        Envoi(
            "detail_2025_complet.csv",
            *_an(2025),
            replace(d.FACTURIER, separateur="\t", montant=d.parentheses),
            deja=(date(2025, 1, 1), date(2025, 6, 30)),
        ),
    ),
    "touvre": _tout("depenses_ttc.csv", d.TTC_SEUL),
    "grandangouleme": _par_an("Commandes {annee}.xlsx", d.CLASSEUR_MARCHES),
    "ccas-angouleme": _par_an("ccas_{annee}.csv", replace(d.OUVERT, excel=True)),
    "ccas-soyaux": _tout("achats ccas.csv", replace(d.FACTURIER, coupe=60)),
}


def ecrire_depots(membre: Membre, lignes: list[Ligne], vocabulaire: Vocabulaire, graine: int) -> Iterator[Fichier]:
    """The files of one membre, in the order in which it sends them."""
    envois = PLAN[membre.slug]
    recouvrements = [envoi.deja for envoi in envois if envoi.deja]
    for envoi in envois:
        choisies = [ligne for ligne in lignes if envoi.debut <= ligne.date <= envoi.fin]
        if envoi.genre == "factures":
            yield Fichier(envoi.nom, *ecrire_factures(membre, choisies, vocabulaire, graine, envoi.nom))
        elif envoi.genre == "pes":
            yield Fichier(envoi.nom, *ecrire_pes(membre, choisies, graine, envoi.nom))
        else:
            yield _ecrire_tableau(membre, choisies, vocabulaire, graine, envoi, recouvrements)


def _ecrire_tableau(
    membre: Membre, lignes: list[Ligne], vocabulaire: Vocabulaire, graine: int, envoi: Envoi, recouvrements: list[tuple[date, date]]
) -> Fichier:
    disposition = envoi.disposition
    assert disposition is not None
    contexte = Contexte(
        membre,
        vocabulaire,
        disposition,
        graine,
        deja_recues=_dans([envoi.deja] if envoi.deja else []),
        sans_erreur=_dans(recouvrements),
    )
    if disposition.feuilles == "annees":
        annees = sorted({ligne.date.year for ligne in lignes})
        feuilles = [(str(annee), disposer([x for x in lignes if x.date.year == annee], contexte)) for annee in annees]
    else:
        feuilles = [("Achats", disposer(lignes, contexte))]
    if disposition.format == "csv":
        octets, numeros = ecrire_texte(feuilles[0][1], disposition)
        return Fichier(envoi.nom, octets, list(_verites(membre, envoi.nom, "", feuilles[0][1], numeros)))
    octets = ecrire_xlsx(feuilles, disposition) if disposition.format == "xlsx" else ecrire_ods("Achats", feuilles[0][1], disposition)
    verites = [v for nom, rangees in feuilles for v in _verites(membre, envoi.nom, nom, rangees, list(range(1, len(rangees) + 1)))]
    return Fichier(envoi.nom, octets, verites)


def _dans(periodes: list[tuple[date, date]]) -> Callable[[Ligne], bool]:
    return lambda ligne: any(debut <= ligne.date <= fin for debut, fin in periodes)


def _verites(membre: Membre, fichier: str, origine: str, rangees: list[Rangee], numeros: list[int]) -> Iterator[Verite]:
    for rangee, numero in zip(rangees, numeros, strict=True):
        if rangee.statut:
            yield Verite(
                membre.siren,
                fichier,
                origine,
                numero,
                rangee.statut,
                rangee.motif,
                achat=rangee.ligne,
                lisible=rangee.lisible,
                faits=rangee.faits,
            )
