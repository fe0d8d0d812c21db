"""Where things stand in a drawing: figures in, coordinates out, so that templates draw SVG without computing.

Every drawing carries a title, a description in words and the rows of its table: it is read without seeing it, and printed without colour.
Coordinates are in the units of the drawing's viewBox.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

from api import formats

LARGEUR = 720
MARGE = 28


@dataclass(frozen=True)
class Graduation:
    """A mark of an axis and what is written under it."""

    position: float
    texte: str


@dataclass(frozen=True)
class Repere:
    """A named value on a drawing (« médiane », « vous »)."""

    nom: str
    position: float
    texte: str


@dataclass(frozen=True)
class TableGraphique:
    """The same figures as the drawing, for who does not see it: headers, and rows of already formatted texts."""

    entetes: tuple[str, ...]
    rangs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class BandePrix:
    """Distribution of a price between membres, laid flat: whiskers P10–P90, box Q1–Q3, median, ends, and the reader's own price."""

    identifiant: str
    titre: str
    description: str
    largeur: int
    hauteur: int
    graduations: tuple[Graduation, ...]
    unite: str
    minimum: Repere
    p10: Repere
    q1: Repere
    mediane: Repere
    q3: Repere
    p90: Repere
    maximum: Repere
    vous: Repere | None
    table: TableGraphique


@dataclass(frozen=True)
class Point:
    """A point of a line: coordinates, what it is (« T1 2024 ») and its value in words."""

    x: float
    y: float
    nom: str
    texte: str


@dataclass(frozen=True)
class Courbe:
    """A value through time: one line, its points, a horizontal reference, the last value written beside its point."""

    identifiant: str
    titre: str
    description: str
    largeur: int
    hauteur: int
    graduations_x: tuple[Graduation, ...]
    graduations_y: tuple[Graduation, ...]
    points: tuple[Point, ...]
    trace: str
    reference: float | None
    table: TableGraphique


@dataclass(frozen=True)
class Barre:
    """A row of a bar drawing: its name, the bar from `x` over `largeur`, whether it is a loss (hatched), the amount in words."""

    nom: str
    y: float
    x: float
    largeur: float
    negatif: bool
    texte: str


@dataclass(frozen=True)
class Barres:
    """Amounts side by side from a common zero, gains to the right, losses hatched to the left."""

    identifiant: str
    titre: str
    description: str
    largeur: int
    hauteur: int
    zero: float
    barres: tuple[Barre, ...]
    table: TableGraphique


@dataclass(frozen=True)
class Chiffres:
    """The figures of a distribution, in one unit."""

    minimum: Decimal
    p10: Decimal
    q1: Decimal
    mediane: Decimal
    q3: Decimal
    p90: Decimal
    maximum: Decimal


def choisir_graduations(bas: float, haut: float, voulu: int = 6) -> list[float]:
    """Round values (1, 2, 2.5 or 5 times a power of ten apart) that enclose `bas` and `haut`."""
    if haut <= bas:
        ecart = abs(bas) * 0.1 or 1.0
        bas, haut = bas - ecart, haut + ecart
    brut = (haut - bas) / max(voulu - 1, 1)
    puissance = 10.0 ** floor(log10(brut))
    pas = next(facteur * puissance for facteur in (1, 2, 2.5, 5, 10) if facteur * puissance >= brut * 0.999)
    premier, dernier = floor(bas / pas + 1e-9), ceil(haut / pas - 1e-9)
    return [round(rang * pas, 10) for rang in range(premier, dernier + 1)]


def echelle(bas: float, haut: float, debut: float, fin: float) -> Callable[[float], float]:
    """The straight line that sends `bas` to `debut` and `haut` to `fin`."""
    pente = (fin - debut) / (haut - bas)
    return lambda valeur: round(debut + (valeur - bas) * pente, 1)


def bande_prix(identifiant: str, article: str, unite: str, chiffres: Chiffres, effectif: str, vous: Decimal | None = None) -> BandePrix:
    """Lay out the distribution of the prices paid by the membres for `article`, in € HT per `unite`.

    `effectif` says on how much it stands (« 16 communes, 212 lignes, année 2025 »). `vous` is the reader's own price.
    """
    toutes = [chiffres.minimum, chiffres.maximum, *([vous] if vous is not None else [])]
    valeurs = choisir_graduations(float(min(toutes)), float(max(toutes)))
    place = echelle(valeurs[0], valeurs[-1], MARGE, LARGEUR - MARGE)
    decimales = max(2, -floor(log10(valeurs[1] - valeurs[0])) + (1 if 0 < valeurs[1] - valeurs[0] < 1 else 0))

    def repere(nom: str, valeur: Decimal) -> Repere:
        return Repere(nom, place(float(valeur)), formats.prix(valeur))

    reperes = [
        repere("minimum", chiffres.minimum),
        repere("premier décile", chiffres.p10),
        repere("premier quartile", chiffres.q1),
        repere("médiane", chiffres.mediane),
        repere("troisième quartile", chiffres.q3),
        repere("neuvième décile", chiffres.p90),
        repere("maximum", chiffres.maximum),
    ]
    propre = repere("vous", vous) if vous is not None else None
    rangs = [(item.nom, item.texte) for item in reperes] + ([("votre prix", propre.texte)] if propre else [])
    description = (
        f"De {reperes[0].texte} à {reperes[6].texte} HT par {unite} ; la moitié des membres paie entre {reperes[2].texte} "
        f"et {reperes[4].texte}, la médiane est à {reperes[3].texte}"
        + (f", vous payez {propre.texte}" if propre else "")
        + f". {effectif[:1].upper()}{effectif[1:]}."
    )
    return BandePrix(
        identifiant,
        f"Répartition des prix entre membres : {article}",
        description,
        LARGEUR,
        132,
        tuple(Graduation(place(valeur), formats.nombre(valeur, decimales)) for valeur in valeurs),
        f"€ HT / {unite}",
        reperes[0],
        reperes[1],
        reperes[2],
        reperes[3],
        reperes[4],
        reperes[5],
        reperes[6],
        vous=propre,
        table=TableGraphique(("Repère", f"Prix HT / {unite}"), tuple(rangs)),
    )


def courbe(
    identifiant: str,
    titre: str,
    points: Sequence[tuple[str, Decimal]],
    *,
    ecrire: Callable[[Decimal], str],
    colonnes: tuple[str, str],
    reference: Decimal | None = None,
) -> Courbe:
    """Lay out a value through time; `points` are (name of the period, value) in order, at least one."""
    hauteur, gauche, droite, haut, bas = 240, 64, LARGEUR - 84, 16, 196
    toutes = [float(valeur) for _, valeur in points] + ([float(reference)] if reference is not None else [])
    valeurs = choisir_graduations(min(toutes), max(toutes), 5)
    ordonnee = echelle(valeurs[0], valeurs[-1], bas, haut)
    abscisse = echelle(0, max(len(points) - 1, 1), gauche, droite)
    places = tuple(Point(abscisse(rang), ordonnee(float(valeur)), nom, ecrire(valeur)) for rang, (nom, valeur) in enumerate(points))
    pas = max(1, ceil(len(points) / 8))
    premier, dernier = places[0], places[-1]
    return Courbe(
        identifiant,
        titre,
        f"De {premier.texte} ({premier.nom}) à {dernier.texte} ({dernier.nom}).",
        LARGEUR,
        hauteur,
        tuple(Graduation(place.x, place.nom) for rang, place in enumerate(places) if rang % pas == 0),
        tuple(Graduation(ordonnee(valeur), ecrire(Decimal(str(valeur)))) for valeur in valeurs),
        places,
        " ".join(f"{place.x},{place.y}" for place in places),
        ordonnee(float(reference)) if reference is not None else None,
        TableGraphique(colonnes, tuple((place.nom, place.texte) for place in places)),
    )


def barres(
    identifiant: str,
    titre: str,
    rangs: Sequence[tuple[str, Decimal]],
    *,
    ecrire: Callable[[Decimal], str],
    colonnes: tuple[str, str],
    description: str,
) -> Barres:
    """Lay out amounts by name, in the order given; a negative one goes to the left of the zero, hatched."""
    pas, gauche, droite = 26, 236, LARGEUR - 128
    plus_bas = min([0.0, *(float(valeur) for _, valeur in rangs)])
    plus_haut = max([0.0, *(float(valeur) for _, valeur in rangs)]) or (1.0 if plus_bas == 0 else 0.0)
    place = echelle(plus_bas, plus_haut, gauche, droite)
    zero = place(0.0)
    lignes = []
    for rang, (nom, valeur) in enumerate(rangs):
        bout = place(float(valeur))
        lignes.append(Barre(nom, 8.0 + rang * pas, min(zero, bout), round(max(abs(bout - zero), 1.0), 1), valeur < 0, ecrire(valeur)))
    return Barres(
        identifiant,
        titre,
        description,
        LARGEUR,
        16 + pas * len(rangs),
        zero,
        tuple(lignes),
        TableGraphique(colonnes, tuple((nom, ecrire(valeur)) for nom, valeur in rangs)),
    )
