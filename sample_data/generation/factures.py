"""A year of e-invoices in a ZIP: UBL, CII and Factur-X, credit notes included, numbers and bank details invented."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sample_data.generation.achats import Ligne
from sample_data.generation.catalogue import Membre, Vocabulaire
from sample_data.generation.cii import en_cii
from sample_data.generation.classeurs import ecrire_zip
from sample_data.generation.facture import Facture
from sample_data.generation.facturx import en_facturx
from sample_data.generation.hasard import tirage
from sample_data.generation.ubl import en_ubl
from sample_data.generation.verite import Verite

FACTUR_X_MAXIMUM = 8


def ecrire_factures(
    membre: Membre, lignes: Sequence[Ligne], vocabulaire: Vocabulaire, graine: int, fichier: str
) -> tuple[bytes, list[Verite]]:
    """The ZIP and its truth: `origine` is the file inside, `ligne` the BT-126 number."""
    entrees: dict[str, bytes] = {}
    verites = []
    pdf = 0
    for facture in _grouper(membre, lignes, vocabulaire):
        forme = tirage(graine, "forme", facture.numero, facture.fournisseur.nom).choice(("ubl", "cii", "facturx"))
        if forme == "facturx" and (pdf >= FACTUR_X_MAXIMUM or facture.avoir):
            forme = "cii"
        pdf += forme == "facturx"
        base = f"{facture.date:%Y%m%d}_{facture.numero.replace('/', '-')}_{facture.fournisseur.id}"
        nom = f"{base}_{forme}.{'pdf' if forme == 'facturx' else 'xml'}"
        entrees[nom] = {"ubl": en_ubl, "cii": en_cii, "facturx": en_facturx}[forme](facture)
        for numero, ligne in enumerate(facture.lignes, 1):
            verites.append(Verite(membre.siren, fichier, nom, numero, "retenue", achat=ligne, faits=[*ligne.faits, forme]))
    return ecrire_zip(entrees), verites


def _grouper(membre: Membre, lignes: Sequence[Ligne], vocabulaire: Vocabulaire) -> list[Facture]:
    def cle(ligne: Ligne) -> tuple[date, str, str]:
        return ligne.date, ligne.piece, ligne.fournisseur.id

    factures = []
    for (jour, piece, _), groupe in groupby(sorted(lignes, key=cle), key=cle):
        suite = tuple(groupe)
        factures.append(Facture(piece, jour, suite[0].fournisseur, membre, suite[0].nature == "avoir", suite, vocabulaire))
    return factures
