"""A supplier is one firm under several spellings: its number is invented, passes Luhn's key, and is missing from some files."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from sample_data.generation.catalogue import Vocabulaire
from sample_data.generation.hasard import tirage

FORMES_JURIDIQUES = (" SARL", " SAS", " SA")
SANS_SIRET = 0.08
SPELLINGS = 6


@dataclass(frozen=True)
class Fournisseur:
    """One firm. `siret` is "" for the few that never write it; `niveau` multiplies its prices; `style` fixes how it writes labels."""

    id: str
    nom: str
    ville: str
    siren: str
    siret: str
    graphies: tuple[str, ...]
    niveau: float
    style: int
    abrege: float
    gabarit: int


def creer_fournisseurs(vocabulaire: Vocabulaire, graine: int) -> Mapping[str, tuple[Fournisseur, ...]]:
    """Suppliers by rayon; a firm named in two rayons is the same object."""
    connus: dict[str, Fournisseur] = {}
    rayons = {}
    for rayon, noms in vocabulaire.fournisseurs.items():
        for nom in noms:
            if nom not in connus:
                connus[nom] = _creer(nom, f"F{len(connus) + 1:03d}", vocabulaire, graine)
        rayons[rayon] = tuple(connus[nom] for nom in noms)
    return rayons


def _creer(texte: str, identifiant: str, vocabulaire: Vocabulaire, graine: int) -> Fournisseur:
    nom, _, ville = texte.partition(", ")
    rng = tirage("fournisseur", vocabulaire.code, texte)
    corps = "".join(rng.choices("0123456789", k=7))
    siren = avec_cle(rng.choice("334455889908") + corps)
    siret = avec_cle(siren + "000" + rng.choice("1234"))
    rng = tirage("fournisseur", vocabulaire.code, texte, graine)
    return Fournisseur(
        id=identifiant,
        nom=nom,
        ville=ville,
        siren=siren,
        siret="" if rng.random() < SANS_SIRET else siret,
        graphies=_graphies(nom, ville),
        niveau=rng.uniform(0.96, 1.05),
        style=rng.randrange(4),
        abrege=rng.choice((0.0, 0.35, 0.7)),
        gabarit=rng.randrange(len(vocabulaire.gabarits)),
    )


def _graphies(nom: str, ville: str) -> tuple[str, ...]:
    """The ways town halls write one name: with or without legal form, in capitals or not, words swapped, cut, with the town."""
    forme = next((f for f in FORMES_JURIDIQUES if nom.endswith(f)), "")
    court = nom.removesuffix(forme)
    mots = court.split(" ")
    retourne = " ".join([*mots[1:], mots[0]]) if len(mots) > 1 else court
    abrege = court.replace("ETABLISSEMENTS", "ETS").replace("COMPTOIR", "CPTOIR").replace("DISTRIBUTION", "DISTRIB")
    return (
        nom,
        court,
        court.title().replace(" De ", " de ").replace(" Des ", " des ").replace(" La ", " la "),
        f"{forme.strip()} {court}".strip(),
        retourne if len(mots) == 2 else abrege,
        f"{court} {ville}",
    )


def avec_cle(corps: str) -> str:
    """Append the digit that makes the number pass Luhn's key (SIREN, SIRET)."""
    for cle in "0123456789":
        if luhn(corps + cle):
            return corps + cle
    raise AssertionError("one of ten digits always fits")


def luhn(numero: str) -> bool:
    """Whether the digits pass Luhn's key."""
    total = 0
    for rang, chiffre in enumerate(reversed(numero)):
        valeur = int(chiffre) * (1 + rang % 2)
        total += valeur - 9 if valeur > 9 else valeur
    return total % 10 == 0


def sans_accents(texte: str) -> str:
    """Letters without their accents, ligatures opened."""
    ouvert = texte.replace("œ", "oe").replace("Œ", "OE").replace("µ", "mic").replace("²", "2")
    return "".join(c for c in unicodedata.normalize("NFD", ouvert) if unicodedata.category(c) != "Mn")
