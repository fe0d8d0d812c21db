"""A packaging is a chain of containers down to a quantity of a base unit: `carton*5 ramette*500 feuille`.

Notation of the catalogue: `contenant*n` holds n of what follows; `contenant~n` the same, when the article's name already says n,
so that the label need not repeat it; a last word `unite:sac` names what is counted; `l@0.5` is a concentrate used at 0.5 %,
compared ready for use.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

# Containers that are only a count or a unit of measure: nothing to write in the label but « le mille ».
MESURES = {"mille", "cent", "tonne", "mwh", "m3"}
AU_PRIX_DE = {
    "kg": "le kg",
    "l": "le litre",
    "m": "le mètre",
    "tonne": "la tonne",
    "m3": "le m3",
    "mwh": "le MWh",
    "kWh": "le kWh",
    "mille": "le mille",
    "cent": "le cent",
}
PLURIELS_IRREGULIERS = {"seau": "seaux", "plateau": "plateaux", "rouleau": "rouleaux", "big-bag": "big-bags", "bag-in-box": "bag-in-box"}
ACCENTS = {"boite": "boîte", "pulverisateur": "pulvérisateur", "etui": "étui", "fut": "fût", "unite": "unité"}
NOMS_DE_BASE = {"l": "l", "kg": "kg", "m": "m", "kWh": "kWh"}


@dataclass(frozen=True)
class Niveau:
    """One container and how many of the next level it holds; `tu` when the label does not repeat that number."""

    contenant: str
    nombre: Decimal
    tu: bool = False


@dataclass(frozen=True)
class Conditionnement:
    """A chain of containers, outermost first, down to `base` (unité de référence); `compte` is what is counted, `dose` in per cent."""

    niveaux: tuple[Niveau, ...]
    base: str
    compte: str
    dose: Decimal | None = None

    def contenu(self, vendu: int = 0) -> Decimal:
        """Base units in one selling unit, when the `vendu`-th level is what is counted on the invoice."""
        produit = Decimal(1)
        for niveau in self.niveaux[vendu:]:
            produit *= niveau.nombre
        return produit * 100 / self.dose if self.dose else produit

    def en_mots(self, vendu: int = 0) -> str:
        """« carton de 5 ramettes de 500 feuilles », or « à l'unité »."""
        niveaux = self.niveaux[vendu:]
        if not niveaux:
            return f"au {self.base}" if self.base in NOMS_DE_BASE else f"à l'unité ({ACCENTS.get(self.compte, self.compte)})"
        mots = [ACCENTS.get(niveaux[0].contenant, niveaux[0].contenant)]
        for dessus, dessous in itertools.pairwise(niveaux):
            mots.append(f"de {_nombre(dessus.nombre)} {pluriel(dessous.contenant)}")
        mots.append(f"de {_nombre(niveaux[-1].nombre)} {_nom_compte(self, niveaux[-1].nombre)}")
        if self.dose:
            mots.append(f"à diluer à {_nombre(self.dose)} %")
        return " ".join(mots)


def lire_conditionnement(texte: str, base_attendue: str) -> Conditionnement:
    """Read the notation of the catalogue; raises ValueError when the last word is not the article's unité de référence."""
    *contenants, base = [mot for mot in texte.split(" ") if mot]
    if "*" in base or (not contenants and "~" in base):
        raise ValueError(f"no base unit in « {texte} »")
    base, _, dose = base.partition("@")
    base, _, compte = base.partition(":")
    if base != base_attendue:
        raise ValueError(f"« {texte} » ends in {base}, expected {base_attendue}")
    niveaux = []
    for mot in contenants:
        tu = "~" in mot
        contenant, nombre = mot.split("~" if tu else "*")
        niveaux.append(Niveau(contenant, Decimal(nombre), tu))
    return Conditionnement(tuple(niveaux), base, compte or base, Decimal(dose) if dose else None)


def pluriel(mot: str) -> str:
    """French plural of a container, accents restored."""
    if mot in PLURIELS_IRREGULIERS:
        return PLURIELS_IRREGULIERS[mot]
    accentue = ACCENTS.get(mot, mot)
    return accentue if accentue.endswith("s") else accentue + "s"


def fragment(conditionnement: Conditionnement, style: int, contenants: Mapping[str, Sequence[str]], *, dire_mesure: bool) -> str:
    """What a label says of the packaging, from the long form (style 0) to the telegraphic one (style 3).

    `dire_mesure`: say « le kg » or « la tonne », because no column will say it.
    """
    niveaux = conditionnement.niveaux
    if not niveaux or niveaux[0].contenant in MESURES:
        mesure = niveaux[0].contenant if niveaux else conditionnement.base
        return AU_PRIX_DE.get(mesure, "") if dire_mesure or mesure in {"mille", "cent"} else ""
    dernier = niveaux[-1]
    if dernier.contenant == "cartouche":
        return [f"{_nombre(dernier.nombre)} pages", f"{dernier.nombre} pages", f"{dernier.nombre}P", f"RDT {dernier.nombre} P"][style]
    if style == 0:
        return _forme_longue(conditionnement)
    if style == 1:
        return _forme_moyenne(conditionnement)
    return _forme_courte(conditionnement, contenants, avec_contenant=style == 2)


def _forme_longue(conditionnement: Conditionnement) -> str:
    niveaux = conditionnement.niveaux
    mots = [ACCENTS.get(niveaux[0].contenant, niveaux[0].contenant)]
    for dessus, dessous in itertools.pairwise(niveaux):
        mots.append(f"de {_nombre(dessus.nombre)} {pluriel(dessous.contenant)}")
    if not niveaux[-1].tu:
        mots.append("de " + quantite_longue(niveaux[-1].nombre, conditionnement))
    return " ".join(mots)


def _forme_moyenne(conditionnement: Conditionnement) -> str:
    niveaux = conditionnement.niveaux
    mots = [ACCENTS.get(niveaux[0].contenant, niveaux[0].contenant)]
    for dessus, dessous in itertools.pairwise(niveaux):
        mots.append(f"{_nombre(dessus.nombre)} {pluriel(dessous.contenant)}")
    if not niveaux[-1].tu:
        mots.append(quantite_courte(niveaux[-1].nombre, conditionnement))
    return " ".join(mots)


def _forme_courte(conditionnement: Conditionnement, contenants: Mapping[str, Sequence[str]], *, avec_contenant: bool) -> str:
    niveaux = conditionnement.niveaux
    nombres = [_serre(niveau.nombre) for niveau in niveaux[:-1]]
    dernier = niveaux[-1]
    fin = "" if dernier.tu else quantite_courte(dernier.nombre, conditionnement)
    if len(niveaux) == 1:
        tete = contenants[dernier.contenant][-1]
        if avec_contenant:
            return f"{tete} {fin}"
        return fin if conditionnement.base in {"l", "kg", "m"} else f"{tete[0]}/{fin}"
    tete = contenants[niveaux[0].contenant][-1]
    if dernier.tu:
        corps = f"{nombres[-1]} {contenants[dernier.contenant][-1]}"
    elif dernier.contenant == "ramette":
        corps = f"{nombres[-1]} R/{fin}"
    else:
        corps = f"{nombres[-1]}x{fin}"
    if len(niveaux) == 3:
        corps = f"{nombres[0]} {contenants[niveaux[1].contenant][-1]} {corps}"
        return f"{tete} {corps}"
    return f"{tete} {corps}" if avec_contenant or dernier.contenant == "ramette" or dernier.tu else corps


def quantite_longue(nombre: Decimal, conditionnement: Conditionnement) -> str:
    """« 500 feuilles », « 5 litres », « 75 cl », « 250 g »."""
    base = conditionnement.base
    if base == "l":
        return f"{_nombre(nombre * 100)} cl" if nombre < 1 else f"{_nombre(nombre)} litre" + ("s" if nombre > 1 else "")
    if base == "kg":
        return f"{_nombre(nombre * 1000)} g" if nombre < 1 else f"{_nombre(nombre)} kg"
    if base == "m":
        return f"{_nombre(nombre)} m"
    if base == "unite" and conditionnement.compte == "unite":
        return _nombre(nombre)
    return f"{_nombre(nombre)} {pluriel(conditionnement.compte)}"


def quantite_courte(nombre: Decimal, conditionnement: Conditionnement) -> str:
    """« 500F », « 5L », « 750ml », « 250g », « 100 »."""
    base = conditionnement.base
    if base == "l":
        return f"{_serre(nombre * 1000)}ml" if nombre < 1 else f"{_serre(nombre)}L"
    if base == "kg":
        return f"{_serre(nombre * 1000)}g" if nombre < 1 else f"{_serre(nombre)}kg"
    suffixe = {"feuille": "F", "m": "m", "paire": " paires"}.get(conditionnement.compte, "")
    return _serre(nombre) + suffixe


def _serre(nombre: Decimal) -> str:
    """Without the space between thousands: `1000kg`."""
    return _nombre(nombre).replace(" ", "")


def _nom_compte(conditionnement: Conditionnement, nombre: Decimal) -> str:
    if conditionnement.base in NOMS_DE_BASE:
        return NOMS_DE_BASE[conditionnement.base]
    return pluriel(conditionnement.compte) if nombre > 1 else ACCENTS.get(conditionnement.compte, conditionnement.compte)


def _nombre(nombre: Decimal) -> str:
    """French writing without needless decimals: `2 500`, `1,5`."""
    normal = nombre.normalize()
    return f"{normal:,f}".replace(",", " ").replace(".", ",")
