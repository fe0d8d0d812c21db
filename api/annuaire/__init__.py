"""The embedded directory: every commune and EPCI of France, so that a club is created by the name of its territory, without a network.

The facts, their source, licence and date are in `SOURCE.md`; `python -m api.annuaire.reconstruire PACKAGE` rebuilds the two Parquet files.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import polars as pl
from rapidfuzz import fuzz

from ingest.erreurs import Refus

TYPES = {
    "CC": "communauté de communes",
    "CA": "communauté d'agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "MET69": "métropole de Lyon",
}
PROCHE = 84
"""Likeness (0 to 100) from which a mistyped name is understood; the second best must be at least `ECART` below."""
ECART = 6
PROPOSES = 8


@dataclass(frozen=True)
class Epci:
    """An EPCI à fiscalité propre; `genre` in words, `population` municipale (the sum of its communes)."""

    siren: str
    nom: str
    genre: str
    population: int


@dataclass(frozen=True)
class Commune:
    """A commune; `population` is the municipale one, None where the source has none."""

    siren: str
    nom: str
    code_insee: str
    population: int | None


def chercher_epci(texte: str) -> Epci:
    """The EPCI of this SIREN or name, whatever its accents, capitals, hyphens and small mistakes.

    Raises `Refus` listing the candidates when several fit, the nearest names when none does.
    """
    territoires = _epci()
    if not _plier(texte):
        raise Refus("Il manque le nom ou le SIREN de l'EPCI, par exemple « Grand Angoulême ».")
    serre = "".join(texte.split())
    if serre.isdecimal():
        if trouve := [epci for epci in territoires if epci.siren == serre]:
            return trouve[0]
        raise Refus(f"Aucun EPCI n'a le SIREN {texte}. Vérifiez-le, ou donnez le nom du territoire.")
    candidats = _candidats(texte, territoires)
    if len(candidats) == 1:
        return candidats[0]
    if candidats:
        candidats = sorted(candidats, key=lambda epci: -epci.population)
        raise Refus(f"Plusieurs EPCI répondent à « {texte} » : {_liste(candidats)}. Donnez le SIREN de celui que vous voulez.")
    proches = sorted(territoires, key=lambda epci: -fuzz.WRatio(_plier(texte), _plier(epci.nom)))[:3]
    raise Refus(f"Aucun EPCI ne s'appelle « {texte} ». Les noms les plus proches : {_liste(proches)}.")


def communes_de(siren_epci: str) -> list[Commune]:
    """The communes of an EPCI, the most populous first."""
    table = _lire("communes").filter(pl.col("epci") == siren_epci).sort("population", "nom", descending=[True, False])
    return [
        Commune(siren=r["siren"], nom=r["nom"], code_insee=r["code_insee"], population=r["population"]) for r in table.iter_rows(named=True)
    ]


def chercher(texte: str, limite: int = 10) -> list[Epci]:
    """EPCI whose name resembles the text, best first: for a search field."""
    if not texte.strip():
        return []
    notes = [(fuzz.WRatio(_plier(texte), _plier(epci.nom)), epci) for epci in _epci()]
    return [epci for note, epci in sorted(notes, key=lambda paire: (-paire[0], paire[1].nom)) if note >= 60][:limite]


def _candidats(texte: str, territoires: list[Epci]) -> list[Epci]:
    voulu, colle = set(_plier(texte).split()), _plier(texte).replace(" ", "")
    exacts = [epci for epci in territoires if colle in (_plier(epci.nom).replace(" ", ""), _sans_article(epci.nom))]
    if exacts:
        return exacts
    contenus = [
        epci for epci in territoires if voulu <= set(_plier(epci.nom).split()) or (len(colle) >= 6 and colle in _sans_article(epci.nom))
    ]
    if contenus:
        return contenus
    notes = sorted(((fuzz.ratio(colle, _sans_article(epci.nom)), epci) for epci in territoires), key=lambda paire: -paire[0])
    meilleure = notes[0][0]
    return [epci for note, epci in notes if note >= PROCHE and note > meilleure - ECART]


def _liste(territoires: list[Epci]) -> str:
    textes = [f"{epci.nom} ({epci.siren})" for epci in territoires[:PROPOSES]]
    reste = len(territoires) - PROPOSES
    return ", ".join(textes) + (f" et {reste} autres" if reste > 0 else "")


def _plier(texte: str) -> str:
    decompose = unicodedata.normalize("NFKD", texte.lower().replace("œ", "oe"))
    return " ".join("".join(lettre if lettre.isalnum() else " " for lettre in decompose if not unicodedata.combining(lettre)).split())


def _sans_article(nom: str) -> str:
    # « CA du Grand Angoulême » is looked for as « GrandAngoulême »
    mots = _plier(nom).split()
    while len(mots) > 1 and mots[0] in {"ca", "cc", "cu", "metropole", "de", "du", "des", "la", "le", "les", "l", "d"}:
        mots = mots[1:]
    return "".join(mots)


@lru_cache(maxsize=1)
def _epci() -> list[Epci]:
    return [
        Epci(siren=r["siren"], nom=r["nom"], genre=TYPES.get(r["type"], r["type"]), population=r["population"])
        for r in _lire("epci").iter_rows(named=True)
    ]


def _lire(nom: str) -> pl.DataFrame:
    with resources.as_file(resources.files("api.annuaire").joinpath(f"{nom}.parquet")) as chemin:
        return pl.read_parquet(chemin)
