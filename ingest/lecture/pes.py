"""PES Aller v2, dépense: one line per ligne de mandat, without the bank account nor the health number, natural persons unnamed.

Structure and code lists: schemas of the DGFiP, PES_V2 v5.17 (`NS_Depense/r0`, `CommunPES.xsd`).
"""

from collections.abc import Iterator
from decimal import Decimal

import polars as pl
from lxml import etree

from ingest.erreurs import FichierRefuse
from ingest.lecture.montants import cle_luhn_juste, decimal
from ingest.lecture.table import ALERTE, ECART, LIGNE, Ecart, Genre, TableBrute
from ingest.lecture.xml_sur import Source, enfants, parcourir

RACINE = "{http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller}PES_Aller"

# Header → field; "" when kept for the record only.
COLONNES: dict[str, str] = {
    "SIRET de la collectivité": "membre_siret",
    "Budget": "",
    "Exercice": "",
    "Bordereau": "",
    "N° de mandat": "piece",
    "N° de ligne": "",
    "Date d'émission": "date",
    "Type de pièce": "",
    "Nature de pièce": "",
    "Objet": "libelle",
    "Libellé du virement": "",
    "N° de facture": "",
    "Compte": "compte",
    "Fonction": "",
    "Opération": "",
    "Service": "service",
    "Fournisseur": "fournisseur",
    "SIRET du fournisseur": "fournisseur_siret",
    "Marché": "marche",
    "Montant HT": "montant_ht",
    "Montant TVA": "",
    "Montant TTC": "montant_ttc",
}

# TNatIdTiers: only these two identify a company; 04 (NIR), 11 (IREP) and 12 (NFP) identify a person and are never read.
_NAT_ID_ENTREPRISE = frozenset({"01", "02"})
_CAT_PERSONNE_PHYSIQUE, _NATJUR_PARTICULIER = "01", "01"
_BORD_ANNULATION = "02"  # TTypBordAller
_NATURES_NEGATIVES = frozenset({"06", "10"})  # TNatPce: annulation-réduction, annulation du mandat de rattachement
_NATURE_PAIE, _NATURE_EMPRUNT, _NATURE_ANNULANT_TITRE = "11", "04", "09"
_TYPES_HORS_ACHAT = frozenset({"03", "04", "07"})  # TTypPce: ordre budgétaire, ordre mixte, admission en non-valeur
_COMPTES_PAIE = ("64", "631", "633")
_COMPTE_MEDECINE_DU_TRAVAIL = "6475"  # a service that is bought, though in chapter 012
_PARTICULIER = "Particulier"


def lire_pes(source: Source, nom: str, origine: str = "") -> TableBrute:
    """Read a PES Aller v2 file. Raises `FichierRefuse` when it has no expense (revenue only) or is damaged."""
    lignes = list(_lignes(source, nom))
    if not lignes:
        raise FichierRefuse(
            f"Le fichier « {nom} » est bien un flux PES, mais il ne contient aucun mandat de dépense. "
            "Déposez le flux des dépenses (bordereaux de mandats)."
        )
    frame = pl.DataFrame(
        {
            LIGNE: range(1, len(lignes) + 1),
            ECART: [ecart.value if ecart else None for ecart, _ in lignes],
            ALERTE: [None] * len(lignes),
            **{colonne: [valeurs.get(colonne) for _, valeurs in lignes] for colonne in COLONNES},
        },
        schema_overrides={LIGNE: pl.Int64, ECART: pl.String, ALERTE: pl.String, **dict.fromkeys(COLONNES, pl.String)},
    )

    def blocs() -> Iterator[pl.DataFrame]:
        yield frame

    remarques = ["Un mandat n'a ni quantité ni prix unitaire : ces lignes disent qui achète à qui et pour combien, pas à quel prix."]
    retirees = frame.filter(pl.col(ECART).is_in([Ecart.PAIE.value, Ecart.AIDE.value])).height
    if retirees:
        remarques.append(
            f"{retirees} ligne{'s' if retirees > 1 else ''} de paie ou d'aide mise{'s' if retirees > 1 else ''} de côté, sans nom ni objet."
        )
    champs = {colonne: champ for colonne, champ in COLONNES.items() if champ}
    return TableBrute(origine, Genre.PES, tuple(COLONNES), blocs, champs, tuple(remarques))


def _lignes(source: Source, nom: str) -> Iterator[tuple[Ecart | None, dict[str, str | None]]]:
    entete: dict[str, str | None] = {}
    bordereau: dict[str, str | None] = {}
    piece: dict[str, str | None] = {}
    for element in parcourir(source, nom, ("EnTetePES", "BlocBordereau", "BlocPiece", "LigneDePiece")):
        match etree.QName(element).localname:
            case "EnTetePES":
                entete = {"SIRET de la collectivité": _v(element, "IdColl"), "Budget": _v(element, "LibelleColBud")}
            case "BlocBordereau":
                bordereau = {balise: _v(element, balise) for balise in ("Exer", "IdBord", "DteBordEm", "TypBord")}
            case "BlocPiece":
                piece = {balise: _v(element, "InfoPce", balise) for balise in ("IdPce", "TypPce", "NatPce", "Obj", "CodServ")}
            case _:
                yield _ligne(element, entete, bordereau, piece, nom)


def _ligne(
    element: etree._Element,
    entete: dict[str, str | None],
    bordereau: dict[str, str | None],
    piece: dict[str, str | None],
    nom: str,
) -> tuple[Ecart | None, dict[str, str | None]]:
    compte = _v(element, "BlocLignePiece", "InfoLignePce", "Nature") or ""
    particulier = _est_particulier(element)
    ecart = _ecart(compte, piece, particulier)
    valeurs: dict[str, str | None] = {
        **entete,
        "Exercice": bordereau.get("Exer"),
        "Bordereau": bordereau.get("IdBord"),
        "Date d'émission": bordereau.get("DteBordEm"),
        "N° de mandat": piece.get("IdPce"),
        "Type de pièce": piece.get("TypPce"),
        "Nature de pièce": piece.get("NatPce"),
        "Service": piece.get("CodServ"),
        "N° de ligne": _v(element, "BlocLignePiece", "InfoLignePce", "IdLigne"),
        "Compte": compte or None,
        "Fonction": _v(element, "BlocLignePiece", "InfoLignePce", "Fonction"),
        "Opération": _v(element, "BlocLignePiece", "InfoLignePce", "Operation"),
        "Marché": _v(element, "BlocLignePiece", "LiensIdent", "IdMarche"),
        **_montants(element, bordereau, piece, nom),
    }
    if particulier or ecart is Ecart.PAIE:
        # The object of such a line names people (« secours Mme X »): account and amount are enough.
        return ecart, valeurs | {"Fournisseur": _PARTICULIER if particulier else None, "Objet": None}
    virement = [_v(element, "BlocLignePiece", "InfoLignePce", balise) for balise in ("LibVir1", "LibVir2")]
    noms = [_v(element, "Tiers", "InfoTiers", balise) for balise in ("Nom", "ComplNom")]
    return ecart, valeurs | {
        "Objet": piece.get("Obj") or virement[0],
        "Libellé du virement": " ".join(filter(None, virement)) or None,
        "N° de facture": _v(element, "BlocLignePiece", "InfoLignePce", "Facture"),
        "Fournisseur": " ".join(filter(None, noms)) or None,
        "SIRET du fournisseur": _siret(element),
    }


def _ecart(compte: str, piece: dict[str, str | None], particulier: bool) -> Ecart | None:
    paie = compte.startswith(_COMPTES_PAIE) and not compte.startswith(_COMPTE_MEDECINE_DU_TRAVAIL)
    if piece.get("NatPce") == _NATURE_PAIE or paie:
        return Ecart.PAIE
    if particulier and compte.startswith("65"):
        return Ecart.AIDE
    if piece.get("TypPce") in _TYPES_HORS_ACHAT or piece.get("NatPce") in (_NATURE_EMPRUNT, _NATURE_ANNULANT_TITRE):
        return Ecart.HORS_ACHAT
    return None


def _montants(element: etree._Element, bordereau: dict[str, str | None], piece: dict[str, str | None], nom: str) -> dict[str, str | None]:
    """Sign the amounts, and take `MtHT` for what the schema says it is: without tax when `MtTVA` is given, all taxes included when not."""
    lieu = f"du mandat {piece.get('IdPce') or '?'}"
    ht = decimal(_v(element, "BlocLignePiece", "InfoLignePce", "MtHT"), f"le montant {lieu}", nom)
    tva = decimal(_v(element, "BlocLignePiece", "InfoLignePce", "MtTVA"), f"la TVA {lieu}", nom)
    negatif = bordereau.get("TypBord") == _BORD_ANNULATION or piece.get("NatPce") in _NATURES_NEGATIVES
    if ht is None:
        return {}
    if negatif:
        ht, tva = -abs(ht), -abs(tva) if tva is not None else None
    if not tva:
        return {"Montant TTC": _nombre(ht)}
    return {"Montant HT": _nombre(ht), "Montant TVA": _nombre(tva), "Montant TTC": _nombre(ht + tva)}


def _est_particulier(element: etree._Element) -> bool:
    categorie, nature = (_v(element, "Tiers", "InfoTiers", balise) for balise in ("CatTiers", "NatJur"))
    return categorie == _CAT_PERSONNE_PHYSIQUE and nature in (_NATJUR_PARTICULIER, None)


def _siret(element: etree._Element) -> str | None:
    if _v(element, "Tiers", "InfoTiers", "NatIdTiers") not in _NAT_ID_ENTREPRISE:
        return None
    identifiant = "".join((_v(element, "Tiers", "InfoTiers", "IdTiers") or "").split())
    est_entreprise = len(identifiant) in (9, 14) and identifiant.isdigit() and cle_luhn_juste(identifiant)
    return identifiant if est_entreprise else None


def _v(element: etree._Element, *chemin: str) -> str | None:
    for trouve in enfants(element, *chemin):
        valeur = " ".join(str(trouve.get("V") or "").split())
        if valeur:
            return valeur
    return None


def _nombre(valeur: Decimal) -> str:
    return format(valeur, "f")
