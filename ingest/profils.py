"""What the cells of a column look like, whatever its name: numbers, dates, SIRET, words; measured on a sample."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import polars as pl

from ingest.identifiants import est_gtin, est_public, masquer
from ingest.schema import TypeChamp
from ingest.valeurs import TAUX_CONNUS, Defaut, est_vide, lire_nombre, lire_siret
from ingest.valeurs_dates import lire_date

_CODE: Final = re.compile(r"\d{3,8}(?:[.-]\d)?(?:\D|$)")
"""An account or a CPV code: digits, perhaps followed by a key and by words (« 6064 - Fournitures administratives »)."""

_SAUF_CHIFFRES: Final = re.compile(r"\D+")

_JAMAIS_NOMBRE: Final = re.compile(r"[abdfgijklmnpqvwxyzABDFGIJKLMNPQVWXYZ]")
"""Letters that no number holds: those of « euros », « HT », « TTC » and of an exponent are the others."""
_JAMAIS_SIRET: Final = re.compile(r"[A-DF-Za-df-z/]")
_DEBUT_DE_TVA: Final = re.compile(r"\W*[Ff]\W*[Rr]")
"""How the number of a French VAT begins: no other number of a supplier holds letters, but the exponent of a rounded one."""
_DEBUT_DE_DATE: Final = re.compile(r"[^A-Za-z]|[A-Za-z]{3,9}\.?[\s/.-]*\d")
"""How a date written in plain ASCII begins: by no letter, or by the name of a day or of a month right before a number."""

_CHIFFRES_PRIVES: Final = frozenset("03456789")
"""A number that begins so is not one of a public body: only a zero is ever given back in front."""

TAILLE: Final = 60
"""Distinct values looked at in a column: enough to tell a date from a SIRET, cheap on a file of five thousand lines."""


@dataclass(frozen=True)
class Profil:
    """Shares (0 to 1) of the distinct non-empty cells of a sample that can be read as each kind of value (`part_publique`: of all)."""

    distincts: int
    remplissage: float
    nombre: float
    entier: float
    date: float
    siret: float
    gtin: float
    taux: float
    lettres: float
    longueur: float
    mots: float
    chiffres: float
    part_publique: float
    sirets: tuple[str, ...]
    exemples: tuple[str, ...]

    @property
    def siret_sur(self) -> bool:
        """Whether almost all the cells have the right key: no other kind of column does that by chance."""
        return self.siret >= 0.9

    def accord(self, champ: str, genre: TypeChamp) -> float | None:
        """Say how well the cells agree with a field; None when the column is empty and cells say nothing."""
        if self.remplissage == 0:
            return None
        match genre:
            case TypeChamp.NOMBRE:
                return 0.0 if self.date > 0.8 and self.entier < 0.5 else self.nombre
            case TypeChamp.DATE:
                return self.date
            case TypeChamp.SIRET:
                return self.siret
            case TypeChamp.GTIN:
                return self.gtin
            case TypeChamp.TAUX:
                return self.taux
            case TypeChamp.CODE:
                return self.chiffres if champ in {"compte", "code_cpv"} else 1.0 if self.longueur <= 40 else 0.4
            case TypeChamp.TEXTE:
                return self._accord_texte(champ)

    def par_valeurs(self, genre: TypeChamp) -> float:
        """Confidence when the name says nothing: only what cells can prove by themselves (keys that hold, days that exist)."""
        if genre is TypeChamp.SIRET and self.siret_sur:
            return self.siret * 0.9
        if genre is TypeChamp.GTIN and self.gtin >= 0.95 and self.distincts >= 3 and not self.siret_sur:
            return self.gtin * 0.8
        if genre is TypeChamp.DATE and self.date >= 0.9 and self.nombre < 0.5:
            return self.date * 0.8
        return 0.0

    def _accord_texte(self, champ: str) -> float:
        if champ == "unite":
            return 1.0 if self.longueur <= 25 else 0.3
        return max(self.lettres, 0.3) if self.date < 0.8 else 0.1


def profiler(colonne: pl.Series) -> Profil:
    """Measure a column of text on its first distinct cells."""
    pleines = colonne.drop_nulls()
    uniques = pleines.unique(maintain_order=True)
    valeurs = list(islice((texte.strip() for texte in uniques.head(TAILLE * 2).to_list() if not est_vide(texte)), TAILLE))
    if not valeurs:
        return Profil(0, 0.0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (), ())
    chiffres = [len(_SAUF_CHIFFRES.sub("", valeur)) for valeur in valeurs]
    lus_sirets = [lire_siret(valeur) for valeur, combien in zip(valeurs, chiffres, strict=True) if _peut_etre_siret(valeur, combien)]
    sirets = tuple(lu.valeur for lu in lus_sirets if lu.valeur)
    scientifiques = sum(lu.defaut is Defaut.SCIENTIFIQUE for lu in lus_sirets) if not sirets else 0
    nombres = [
        lire_nombre(valeur).valeur
        for valeur, combien in zip(valeurs, chiffres, strict=True)
        if combien and not _JAMAIS_NOMBRE.search(valeur)
    ]
    lus = [nombre for nombre in nombres if nombre is not None]
    dates = [
        valeur
        for valeur, combien in zip(valeurs, chiffres, strict=True)
        if _peut_etre_date(valeur, combien) and lire_date(valeur).valeur is not None
    ]
    return Profil(
        distincts=uniques.len(),
        remplissage=pleines.len() / max(colonne.len(), 1),
        nombre=len(lus) / len(valeurs),
        entier=sum(nombre == nombre.to_integral_value() for nombre in lus) / len(valeurs),
        date=len(dates) / len(valeurs),
        siret=(len(sirets) + scientifiques) / len(valeurs),
        gtin=_part(valeurs, est_gtin),
        taux=sum(nombre in TAUX_CONNUS or nombre * 100 in TAUX_CONNUS for nombre in lus) / len(valeurs),
        lettres=_part(valeurs, _a_deux_lettres),
        longueur=sum(map(len, valeurs)) / len(valeurs),
        mots=sum(len(valeur.split()) for valeur in valeurs) / len(valeurs),
        chiffres=_part(valeurs, lambda texte: _CODE.match(texte) is not None),
        part_publique=_part_publique(pleines.head(TAILLE * 4).to_list()) if sirets else 0.0,
        sirets=sirets[:20],
        exemples=tuple(masquer(valeur) for valeur in valeurs[:3]),
    )


def _peut_etre_siret(texte: str, chiffres: int) -> bool:
    """Whether `lire_siret` could see a SIREN, a SIRET or a rounded one: seven digits at least (two zeros may be lost), or an exponent."""
    if chiffres < 7 and not (chiffres and ("E" in texte or "e" in texte)):
        return False
    return not _JAMAIS_SIRET.search(texte) or _DEBUT_DE_TVA.match(texte) is not None


def _peut_etre_date(texte: str, chiffres: int) -> bool:
    """Whether `lire_date` could see a date: labels, which are most of the cells with letters, are told from one by how they begin."""
    return not texte.isascii() or (chiffres > 1 and _DEBUT_DE_DATE.match(texte) is not None)


def _a_deux_lettres(texte: str) -> bool:
    trouvees = (lettre for lettre in texte if lettre.isalpha())
    return next(trouvees, "") != "" and next(trouvees, "") != ""


def _part_publique(textes: Sequence[str]) -> float:
    publics = {texte: texte[:1] not in _CHIFFRES_PRIVES and est_public(lire_siret(texte).valeur or "") for texte in set(textes)}
    return sum(publics[texte] for texte in textes) / len(textes)


def _part(valeurs: Sequence[str], reconnait: object) -> float:
    assert callable(reconnait)
    return sum(bool(reconnait(valeur)) for valeur in valeurs) / len(valeurs)
