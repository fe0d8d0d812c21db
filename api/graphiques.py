"""Where things stand in a drawing: figures in, coordinates out, so that templates draw SVG without computing.

Every drawing carries a title, a description in words and the rows of its table: it is read without seeing it, and printed without colour.
Coordinates are in the units of the drawing's viewBox.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from typing import ClassVar

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
    """Distribution of a price between membres, laid flat: whiskers P10–P90, box Q1–Q3, median, ends, and the reader's own price.

    What may not be shown with so few membres is None and not drawn; `legende` names what is.
    """

    genre: ClassVar[str] = "bande_prix"
    identifiant: str
    titre: str
    description: str
    largeur: int
    hauteur: int
    graduations: tuple[Graduation, ...]
    unite: str
    minimum: Repere | None
    p10: Repere | None
    q1: Repere | None
    mediane: Repere
    q3: Repere | None
    p90: Repere | None
    maximum: Repere | None
    vous: Repere | None
    legende: str
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

    genre: ClassVar[str] = "courbe"
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

    genre: ClassVar[str] = "barres"
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
    """The figures of a distribution, in one unit; None for what may not be shown. Each pair is shown whole or not at all."""

    minimum: Decimal | None
    p10: Decimal | None
    q1: Decimal | None
    mediane: Decimal
    q3: Decimal | None
    p90: Decimal | None
    maximum: Decimal | None


Dessin = BandePrix | Courbe | Barres


def choisir_graduations(bas: float, haut: float, voulu: int = 6) -> list[float]:
    """Round values (1, 2, 2.5 or 5 times a power of ten apart) that enclose `bas` and `haut`."""
    if haut <= bas:
        ecart = abs(bas) * 0.1 or 1.0
        bas, haut = bas - ecart, haut + ecart
    brut = (haut - bas) / max(voulu - 1, 1)
    puissance = 10.0 ** floor(log10(brut))
    pas = next(facteur * puissance for facteur in (1, 2, 2.5, 5, 10) if facteur * puissance >= brut * 0.999)
    premier, dernier = floor(bas / pas + 1e-9), ceil(haut / pas - 1e-9)
    decimales = 9 - floor(log10(pas))  # ten significant figures of the step, however small it is
    return [round(rang * pas, decimales) for rang in range(premier, dernier + 1)]


def echelle(bas: float, haut: float, debut: float, fin: float) -> Callable[[float], float]:
    """The straight line that sends `bas` to `debut` and `haut` to `fin`."""
    pente = (fin - debut) / (haut - bas)
    return lambda valeur: round(debut + (valeur - bas) * pente, 1)


def bande_prix(identifiant: str, article: str, unite: str, chiffres: Chiffres, effectif: str, vous: Decimal | None = None) -> BandePrix:
    """Lay out the distribution of the prices paid by the members for `article`, in € HT per `unite`.

    `effectif` says on how much it stands (« 16 communes, 212 lignes, année 2025 »). `vous` is the reader's own price.
    """
    mots = _Mots(formats.prix, f" HT par {unite}", "paie", "les prix vont", "vous payez", "votre prix")
    titre = f"Répartition des prix entre membres : {article}"
    return _bande(identifiant, titre, (f"€ HT / {unite}", f"Prix HT / {unite}"), chiffres, mots, effectif, vous)


def bande_niveaux(identifiant: str, famille: str, chiffres: Chiffres, effectif: str, vous: Decimal | None = None) -> BandePrix:
    """Lay out the distribution of the price levels of the members over `famille` (100: the median of each article)."""
    mots = _Mots(lambda niveau: formats.nombre(niveau, 1), "", "est", "les niveaux vont", "vous êtes à", "votre niveau")
    titre = f"Niveau des prix entre membres : {famille}"
    return _bande(identifiant, titre, ("base 100 : la médiane de chaque article", "Niveau"), chiffres, mots, effectif, vous)


@dataclass(frozen=True)
class _Mots:
    """How the values of a band are written and spoken of."""

    ecrire: Callable[[Decimal], str]
    unite: str
    moitie: str
    etendue: str
    vous: str
    vous_table: str


def _bande(
    identifiant: str,
    titre: str,
    axe_et_colonne: tuple[str, str],
    chiffres: Chiffres,
    mots: _Mots,
    effectif: str,
    vous: Decimal | None,
) -> BandePrix:
    noms = (
        ("minimum", "minimum"),
        ("premier décile", "p10"),
        ("premier quartile", "q1"),
        ("médiane", "mediane"),
        ("troisième quartile", "q3"),
        ("neuvième décile", "p90"),
        ("maximum", "maximum"),
    )
    montres = {champ: valeur for _, champ in noms if (valeur := getattr(chiffres, champ)) is not None}
    toutes = [*montres.values(), *([vous] if vous is not None else [])]
    valeurs = choisir_graduations(float(min(toutes)), float(max(toutes)))
    place = echelle(valeurs[0], valeurs[-1], MARGE, LARGEUR - MARGE)
    pas = valeurs[1] - valeurs[0]
    decimales = 0 if pas >= 1 and mots.ecrire is not formats.prix else max(2, -floor(log10(pas)) + (1 if 0 < pas < 1 else 0))
    reperes = {champ: Repere(nom, place(float(montres[champ])), mots.ecrire(montres[champ])) for nom, champ in noms if champ in montres}
    propre = Repere("vous", place(float(vous)), mots.ecrire(vous)) if vous is not None else None
    rangs = [(repere.nom, repere.texte) for repere in reperes.values()] + ([(mots.vous_table, propre.texte)] if propre else [])
    axe, colonne = axe_et_colonne
    return BandePrix(
        identifiant,
        titre,
        _decrire(reperes, mots, propre, effectif),
        LARGEUR,
        132,
        tuple(Graduation(place(valeur), formats.nombre(valeur, decimales)) for valeur in valeurs),
        axe,
        reperes.get("minimum"),
        reperes.get("p10"),
        reperes.get("q1"),
        reperes["mediane"],
        reperes.get("q3"),
        reperes.get("p90"),
        reperes.get("maximum"),
        vous=propre,
        legende=_legender(reperes),
        table=TableGraphique(("Repère", colonne), tuple(rangs)),
    )


def _decrire(reperes: Mapping[str, Repere], mots: _Mots, propre: Repere | None, effectif: str) -> str:
    """What the drawing shows, in one sentence."""
    phrases = [f"la médiane est à {reperes['mediane'].texte}{mots.unite}"]
    if "q1" in reperes and "q3" in reperes:
        phrases.append(f"la moitié des membres {mots.moitie} entre {reperes['q1'].texte} et {reperes['q3'].texte}")
    if "minimum" in reperes and "maximum" in reperes:
        phrases.append(f"{mots.etendue} de {reperes['minimum'].texte} à {reperes['maximum'].texte}")
    if propre:
        phrases.append(f"{mots.vous} {propre.texte}")
    texte = " ; ".join(phrases)
    return f"{texte[:1].upper()}{texte[1:]}. {effectif[:1].upper()}{effectif[1:]}."


def _legender(reperes: Mapping[str, Repere]) -> str:
    """The key of the drawing, for what is drawn."""
    phrases = ["Trait gras : médiane."]
    if "q1" in reperes:
        phrases.append("Boîte : la moitié des membres.")
    if "p10" in reperes:
        phrases.append("Traits fins : huit membres sur dix.")
    if "minimum" in reperes:
        phrases.append("Ronds : les extrêmes.")
    return " ".join(phrases)


def courbe(
    identifiant: str,
    titre: str,
    points: Sequence[tuple[str, Decimal]],
    *,
    ecrire: Callable[[Decimal], str],
    colonnes: tuple[str, str],
    reference: Decimal | None = None,
    effectif: str = "",
) -> Courbe:
    """Lay out a value through time; `points` are (name of the period, value) in order, at least one; `effectif` is said after them."""
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
        f"De {premier.texte} ({premier.nom}) à {dernier.texte} ({dernier.nom}). {effectif}".strip(),
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
