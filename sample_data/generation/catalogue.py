"""The catalogue says what can be bought, at which price level and in which packagings; it is data, this module only loads it."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml

from sample_data.generation.conditionnements import Conditionnement, lire_conditionnement


@dataclass(frozen=True)
class Famille:
    """Planted behaviour of one famille: what the observatoire should find again.

    `elasticite` is that of the unit price to the yearly quantity of the membre for the article (0 = no volume effect);
    `inflation` gives the planted change of price level of each year against the year before.
    """

    code: str
    elasticite: float
    inflation: Mapping[int, float]
    compte: str
    compte_court: str
    cpv: str
    taux_tva: Decimal
    saison: str
    commandes: int
    effet_angouleme: float
    rayon: str


@dataclass(frozen=True)
class Article:
    """One comparable thing. `prix` is HT per unité de référence in 2025 for the yearly need of 3 000 inhabitants."""

    id: str
    noms: tuple[str, ...]
    famille: Famille
    unite_reference: str
    prix: float
    depense_hab: float
    diffusion: float
    conditionnements: tuple[Conditionnement, ...]

    @property
    def quantite_repere(self) -> float:
        """Yearly quantity, in unité de référence, of a commune of 3 000 inhabitants: where the planted price holds exactly."""
        return self.depense_hab * 3000 / self.prix


@dataclass(frozen=True)
class Membre:
    """A buyer: everything about it is real except, for a CCAS, its SIREN."""

    siren: str
    nom: str
    nature: str
    code_insee: str
    code_postal: str
    population: int
    slug: str


@dataclass(frozen=True)
class Vocabulaire:
    """How the suppliers and town halls of one variant write: phrasings, abbreviations, label templates, suppliers."""

    code: str
    formes: tuple[int, ...]
    abreviations: Mapping[str, tuple[str, ...]]
    contenants: Mapping[str, tuple[str, ...]]
    mots_unite: Mapping[str, tuple[str, ...]]
    gabarits: tuple[str, ...]
    marques: tuple[str, ...]
    fournisseurs: Mapping[str, tuple[str, ...]]


def _lire_csv(nom: str) -> list[dict[str, str]]:
    texte = files("sample_data").joinpath(nom).read_text(encoding="utf-8")
    return list(csv.DictReader(texte.splitlines(), delimiter=";"))


@cache
def lire_familles() -> Mapping[str, Famille]:
    """Familles by code, in the order of the file."""
    familles = {}
    for rangee in _lire_csv("catalogue/familles.csv"):
        familles[rangee["code"]] = Famille(
            code=rangee["code"],
            elasticite=float(rangee["elasticite"]),
            inflation={2024: float(rangee["inflation_2024"]), 2025: float(rangee["inflation_2025"])},
            compte=rangee["compte"],
            compte_court=rangee["compte_court"],
            cpv=rangee["cpv"],
            taux_tva=Decimal(rangee["tva"]),
            saison=rangee["saison"],
            commandes=int(rangee["commandes"]),
            effet_angouleme=float(rangee["effet_angouleme"]),
            rayon=rangee["rayon"],
        )
    return familles


@cache
def lire_articles() -> tuple[Article, ...]:
    """Every article of the catalogue; the part of its id before the first dash is its famille."""
    familles = lire_familles()
    return tuple(
        Article(
            id=rangee["id"],
            noms=tuple(rangee["noms"].split("|")),
            famille=familles[rangee["id"].split("-")[0]],
            unite_reference=rangee["unite_reference"],
            prix=float(rangee["prix"]),
            depense_hab=float(rangee["depense_hab"]),
            diffusion=float(rangee["diffusion"]),
            conditionnements=tuple(
                lire_conditionnement(texte, rangee["unite_reference"]) for texte in rangee["conditionnements"].split("|")
            ),
        )
        for rangee in _lire_csv("catalogue/articles.csv")
    )


@cache
def lire_membres() -> tuple[Membre, ...]:
    """The nineteen members of the demonstration club."""
    return tuple(Membre(**{**rangee, "population": int(rangee["population"])}) for rangee in _lire_csv("membres.csv"))  # type: ignore[arg-type]


@cache
def lire_ramettes_2025() -> Mapping[str, tuple[int, Decimal]]:
    """The « ramette » scenario: slug → (ramettes A4 80 g bought in 2025, price HT of one)."""
    return {r["slug"]: (int(r["ramettes"]), Decimal(r["prix_unitaire_ht"])) for r in _lire_csv("catalogue/ramettes_2025.csv")}


@cache
def lire_prix_aberrants() -> Mapping[tuple[str, str], float]:
    """(slug, article) → multiplier of that membre's prices of 2025: true purchases, but of something more than the article."""
    return {(r["slug"], r["article"]): float(r["facteur"]) for r in _lire_csv("catalogue/prix_aberrants.csv")}


@cache
def lire_vocabulaire(code: str) -> Vocabulaire:
    """The vocabulary variant `code` (`v1`, `v2`); raises FileNotFoundError when there is none of that name."""
    brut = yaml.safe_load(files("sample_data").joinpath(f"catalogue/vocabulaire_{code}.yaml").read_text(encoding="utf-8"))
    return Vocabulaire(
        code=code,
        formes=tuple(brut["formes"]),
        abreviations={mot: tuple(courts) for mot, courts in brut["abreviations"].items()},
        contenants={mot: tuple(courts) for mot, courts in brut["contenants"].items()},
        mots_unite={mot: tuple(str(court) for court in courts) for mot, courts in brut["mots_unite"].items()},
        gabarits=tuple(brut["gabarits"]),
        marques=tuple(brut["marques"]),
        fournisseurs={rayon: tuple(noms) for rayon, noms in brut["fournisseurs"].items()},
    )
