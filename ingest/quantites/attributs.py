"""Features that forbid a match, read from the label: two lines with different values of one of them are never one article.

What remains of the label once packaging and features are taken away is the name of the thing: `read_identite` gives both.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from ingest.quantites.grammaire import decouper_plie
from ingest.quantites.indices import Indice, read_couleur, read_mot
from ingest.quantites.nomenclature import conditionnements_par_forme
from ingest.quantites.qualites import QUALITES, qualites_de
from ingest.quantites.texte import fold
from ingest.quantites.traits import PAPIERS, TAILLE_NUE, Trait, bases_de, litres, traits_codes, traits_mesures

_BITS_QUALITES = (1 << len(QUALITES)) - 1
# Plain numbers: a flag compares much more slowly.
_FAUTE, _COULEUR = int(Indice.FAUTE), int(Indice.COULEUR)
_FORMATS_CM = {(Decimal(21), Decimal("29.7")): "a4", (Decimal("29.7"), Decimal(42)): "a3", (Decimal(11), Decimal(22)): "dl"}
_FORMATS_CM |= {(Decimal("16.2"), Decimal("22.9")): "c5", (Decimal("22.9"), Decimal("32.4")): "c4"}
_FORMATS = {(110, 220): "dl", (162, 229): "c5", (229, 324): "c4", (114, 162): "c6", (210, 297): "a4", (297, 420): "a3", (148, 210): "a5"}
_CHOSES = frozenset({"seau", "tube", "pot", "bloc", "cartouche", "plaque", "filet", "pochette", "boite", "etui"})
_VRAC_OU_NON = frozenset({"ER04", "ER05", "VO02", "VO03"})
_VRAC = re.compile(r"\b(?:vrac|citerne|souffle[es]*|depart|livre|camion)\b")
_CONDITIONNE = re.compile(r"\b(?:sacs?|bouteilles?|blles?|seaux?|big ?-?bags?|bidons?|palettes?|pal)\b|\b\d\d ?kg\b")
_VOLUME = re.compile(r"(?<![\d.,])(\d+(?:[.,]\d+)?) ?(litres?|lt?|cl|ml)\b")
_MODELE = re.compile(r"\b([a-z]{1,3})-(\d{1,4})\b")
_LETTRES = re.compile(r"[a-z]+")
_ELISION = re.compile(r"^[dl]'")
_PETITE_BOUTEILLE = Decimal("0.75")
_SANS_COULEUR = frozenset({"RE01", "RE02", "RE03", "RE04", "RE05", "RE06", "RE07", "RE08", "ER03", "ER04", "NU01"})


@dataclass(frozen=True)
class Identite:
    """`attributs` by name (canonical values), and `mots`: what names the thing, folded, in the order of the label."""

    attributs: tuple[tuple[str, str], ...]
    mots: tuple[str, ...]


@lru_cache(maxsize=65_536)
def extract_attributs(libelle: str, famille: str | None) -> str:
    """JSON object, keys sorted, of the features read (« {} » when none)."""
    lecteur = _Lecteur(fold(libelle), famille or "")
    lecteur.read()  # the name of the thing is not asked for here: finding it costs more than the features
    return _write(tuple(sorted(lecteur.lus.items())))


@lru_cache(maxsize=16_384)
def _write(attributs: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(attributs), ensure_ascii=False)


@lru_cache(maxsize=262_144)
def read_identite(libelle: str, famille: str | None) -> Identite:
    """Features and name of what a label designates, packaging left out."""
    lecteur = _Lecteur(fold(libelle), famille or "")
    lecteur.read()
    return Identite(tuple(sorted(lecteur.lus.items())), lecteur.name_mots())


@lru_cache(maxsize=65_536)
def _find_traits(traits_de: Callable[[str], tuple[Trait, ...]], famille: str, indices: int) -> tuple[Trait, ...]:
    """A pattern is looked for only where its indices were found, which costs far less."""
    return tuple(trait for trait in traits_de(famille) if indices & trait.indices == trait.indices)


class _Lecteur:
    """Takes features out of the text one after the other, so that a number is never understood twice."""

    def __init__(self, texte: str, famille: str) -> None:
        mots = texte.split(" ")
        indices = 0
        for mot in mots:
            indices |= read_mot(mot).indices
        if indices & _FAUTE:
            texte = " ".join([read_mot(mot).texte for mot in mots])
        self.indices = indices
        self.texte = (
            f" {texte} ".replace(" n°", " ")
            .replace(" 1/2 ", " demi ")
            .replace(" tableau blanc ", " tableau ")
            .replace(" tableau blan ", " tableau ")
            .replace(" tableau blc ", " tableau ")
            .replace("\xf8", " d ")
        )
        self.famille = famille
        self.lus: dict[str, str] = {}

    def read(self) -> None:
        if self.indices & _BITS_QUALITES:
            self._read_qualites()
        self._take(_find_traits(traits_codes, self.famille, self.indices))
        self._read_livraison()
        self._take(_find_traits(traits_mesures, self.famille, self.indices))
        if self.indices & _COULEUR:
            self._read_couleur()

    def _take(self, traits: tuple[Trait, ...]) -> None:
        """Take out the first text of each pattern."""
        for trait in traits:
            trouve = trait.motif.search(self.texte)
            if trouve is not None:
                self._retain(trait, trouve)

    def _retain(self, trait: Trait, trouve: re.Match[str]) -> None:
        nom = trait.nom
        if nom == TAILLE_NUE:
            if "taille" in self.lus:
                return
            nom = "taille"
        format_lu = self._read_format(trouve) if nom == "dimensions" and self.famille in PAPIERS else None
        if format_lu is not None:
            self.lus["format"] = format_lu
        elif lue := trait.valeur(trouve):
            ancienne = self.lus.get(nom)
            self.lus[nom] = lue if ancienne is None or ancienne == lue else "+".join(sorted({*ancienne.split("+"), lue}))
        self.texte = f"{self.texte[: trouve.start()]} {self.texte[trouve.end() :]}"

    def _read_qualites(self) -> None:
        for bit, qualite in qualites_de(self.famille):
            if self.indices & bit and qualite.nom not in self.lus and qualite.motif.search(self.texte):
                self.lus[qualite.nom] = qualite.valeur
                self.texte = qualite.motif.sub(" ", self.texte)

    @staticmethod
    def _read_format(trouve: re.Match[str]) -> str | None:
        nombres = [Decimal(n.replace(",", ".")) for n in trouve.group(1, 2)]
        return _FORMATS.get((int(nombres[0]), int(nombres[1]))) or _FORMATS_CM.get((nombres[0], nombres[1]))

    def _read_livraison(self) -> None:
        """In bulk or packed is another price (pellets, propane, salt, cold mix); a small bottle is another drink than a big one."""
        if self.famille in _VRAC_OU_NON:
            if _VRAC.search(self.texte):
                self.lus["livraison"] = "vrac"
            elif _CONDITIONNE.search(self.texte):
                self.lus["livraison"] = "conditionne"
        if self.famille == "RE08":
            volumes = [Decimal(litres(trouve)) for trouve in _VOLUME.finditer(self.texte)]
            if volumes:
                self.lus["bouteille"] = "petite" if min(volumes) < _PETITE_BOUTEILLE else "grande"

    def _read_couleur(self) -> None:
        if self.famille in _SANS_COULEUR:
            return
        lues = {couleur for mot in _LETTRES.findall(self.texte) if (couleur := read_couleur(mot))}
        if len(lues) == 1:
            self.lus["couleur"] = lues.pop()
            self.texte = _LETTRES.sub(lambda m: "" if read_couleur(m[0]) else m[0], self.texte)

    def name_mots(self) -> tuple[str, ...]:
        """Words left, without single letters, misspelt packaging nor the stump of one at the end of a cut label.

        A container that holds nothing counted is the thing itself: seau, tube LED, pochette perforée.
        """
        decoupe = decouper_plie(fold(_MODELE.sub(r"\1\2", self.texte)))
        mots = [nom for mot in decoupe.restes if (nom := _read_nom(mot))]
        if mots and _is_moignon(mots[-1]):
            mots.pop()
        if not decoupe.mentions or bases_de(self.famille) != {"unite"}:
            return tuple(mots)
        return (*(code for code, _ in decoupe.mentions if code in _CHOSES), *mots)


@lru_cache(maxsize=1)
def _longs_conditionnements() -> tuple[str, ...]:
    return tuple(sorted(forme for forme in conditionnements_par_forme() if len(forme) >= 5))


@lru_cache(maxsize=65_536)
def _is_moignon(mot: str) -> bool:
    return len(mot) <= 6 and any(forme.startswith(mot) for forme in _longs_conditionnements())


@lru_cache(maxsize=65_536)
def _read_nom(mot: str) -> str:
    """A word as it names the thing; nothing for a sign, a single letter or a misspelt packaging."""
    nom = _ELISION.sub("", mot)
    return nom if len(nom) > 1 and any(signe.isalnum() for signe in mot) and not _is_conditionnement_mal_ecrit(nom) else ""


def _is_conditionnement_mal_ecrit(mot: str) -> bool:
    if len(mot) < 6 or not mot.isalpha():
        return False
    return any(DamerauLevenshtein.distance(mot, forme, score_cutoff=1) <= 1 for forme in _longs_conditionnements() if len(forme) >= 6)
