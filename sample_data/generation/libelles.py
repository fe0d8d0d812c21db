"""A label is what a supplier writes, then what a town hall's software leaves of it."""

import random
import re
from decimal import Decimal

from sample_data.generation.catalogue import Article, Vocabulaire
from sample_data.generation.conditionnements import MESURES, Conditionnement, fragment
from sample_data.generation.fournisseurs import Fournisseur, sans_accents
from sample_data.generation.hasard import tirage

AVEC_MARQUE = 0.15
MARQUABLES = {"AD01", "AD02", "AD03", "SC01", "EN01", "EN02", "EN03", "EN08", "RE05", "RE08", "BA03", "BA05"}


def ecrire_libelle(
    article: Article,
    conditionnement: Conditionnement,
    fournisseur: Fournisseur,
    vocabulaire: Vocabulaire,
    *,
    dire_mesure: bool = False,
    variante: int = 0,
) -> tuple[str, str]:
    """The supplier's label and the fragment of it that says the packaging ("" when it says none).

    The same supplier always writes the same article the same way, unless `variante` asks for another of its moods.
    """
    rng = tirage("libelle", vocabulaire.code, fournisseur.nom, article.id, conditionnement.niveaux, variante)
    nom = article.noms[rng.choice([f for f in vocabulaire.formes if f < len(article.noms)] or [0])]
    if article.famille.code in MARQUABLES and rng.random() < AVEC_MARQUE:
        nom = f"{nom} {rng.choice(vocabulaire.marques)}"
    nom = _abreger(nom, fournisseur.abrege, vocabulaire, rng)
    style = fournisseur.style if variante == 0 else rng.randrange(4)
    morceau = fragment(conditionnement, style, vocabulaire.contenants, dire_mesure=dire_mesure)
    if style == 1 and rng.random() < 0.5:
        morceau = morceau.upper()
    if not morceau:
        return nom, ""
    gabarit = vocabulaire.gabarits[fournisseur.gabarit if variante == 0 else rng.randrange(len(vocabulaire.gabarits))]
    return gabarit.format(nom=nom, cond=morceau), morceau


def _abreger(nom: str, probabilite: float, vocabulaire: Vocabulaire, rng: random.Random) -> str:
    mots = []
    for mot in nom.split(" "):
        courts = vocabulaire.abreviations.get(mot)
        mots.append(rng.choice(courts) if courts and rng.random() < probabilite else mot)
    return " ".join(mots)


def transformer(libelle: str, *, majuscules: bool, coupe: int | None) -> str:
    """What software keeps: capitals without accents, cut at a number of characters."""
    texte = re.sub(r"\s+", " ", libelle).strip()
    if majuscules:
        texte = sans_accents(texte).upper()
    return texte[:coupe].rstrip() if coupe else texte


def fautes(libelle: str, rng: random.Random) -> str:
    """One slip of the keyboard in a word of at least five letters: two letters swapped, one doubled or one lost."""
    mots = libelle.split(" ")
    longs = [rang for rang, mot in enumerate(mots) if len(mot) >= 5 and mot.isalpha()]
    if not longs:
        return libelle
    rang = rng.choice(longs)
    mot = mots[rang]
    place = rng.randrange(1, len(mot) - 1)
    mots[rang] = rng.choice(
        [
            mot[:place] + mot[place + 1] + mot[place] + mot[place + 2 :],
            mot[:place] + mot[place] + mot[place:],
            mot[:place] + mot[place + 1 :],
        ]
    )
    return " ".join(mots)


def est_lisible(conditionnement: Conditionnement, vendu: int, libelle: str, morceau: str, *, avec_unite: bool, vague: bool = False) -> bool:
    """Whether label and unit of the file still say what one selling unit holds; `vague` when the unit is « U » for an inner container.

    `morceau` is the packaging fragment as this software would write it whole.
    """
    niveaux = conditionnement.niveaux[vendu:]
    if vendu and niveaux and (vague or morceau[:1].isdigit()):
        return False  # « 20x250g » counted in PQT: nothing says which container the word stands for
    if not niveaux or niveaux[0].contenant in MESURES:
        return avec_unite or conditionnement.base == "unite" or bool(morceau)
    return morceau in libelle and all(_est_dit(niveau.nombre, libelle) for niveau in niveaux if niveau.tu)


def _est_dit(nombre: Decimal, libelle: str) -> bool:
    """Whether the label states the number, as such or in hundredths or thousandths (`0,5 l`, `50 cl`, `500 ml`)."""
    formes = {f"{(nombre * echelle).normalize():f}".replace(".", ",") for echelle in (1, 100, 1000)}
    return any(forme in libelle.replace(".", ",") for forme in formes)
