"""What a label says of packaging: « n of this in that », measures, containers named without a number; what remains is the thing itself."""

import re
from decimal import Decimal
from functools import lru_cache

from ingest.quantites.decoupe import Decoupe, Mesure, Relation
from ingest.quantites.nomenclature import (
    Conditionnement,
    Unite,
    conditionnements,
    conditionnements_par_forme,
    unites,
    unites_par_forme,
)
from ingest.quantites.pieces import MULTIPLICATEURS, Piece, read_pieces
from ingest.quantites.texte import fold

MESURES = frozenset({"masse", "volume", "longueur", "surface"})
COMPTES = frozenset({"unite", "feuille", "page", "portion", "paire", "douzaine", "cent", "mille"})
LETTRES = {"b": "boite", "c": "carton", "e": "etui", "l": "lot", "p": "paquet", "r": "ramette", "s": "sac"}
# Before « /100 », these letters may begin several packaging words: what they hold is known, their name is not.
_LETTRES_VAGUES = frozenset("eflps")
_LIAISONS = frozenset({"de", "d", "/", ":", "a", "=", "."})
# Words after a number that make it a feature of the thing, not a quantity bought.
_CARACTERES = frozenset(
    """plis pli ply um micron microns mic v volt volts w watt watts ah mah mm2 % pouces pouce module modules poste postes trou trous
    anneau anneaux voie voies niveau niveaux tiroir tiroirs porte portes place places go gb to mo hz bar bars db lm k ans an mois
    carreaux couleur couleurs grains grain dents pts personnes enfants kva cv vitesses etages compartiments compartiment etoiles coeurs hp a
    degres cm mm micra pans""".split()  # noqa: SIM905
)
# « lot de 6 couleurs » holds six things, « stylo 4 couleurs » is one.
_COULEURS = frozenset({"couleur", "couleurs", "coloris", "teintes"})
# Containers that are often the thing itself: a bare number after them is a model or a size, not a content.
_FAIBLES = frozenset(
    {
        "cartouche",
        "bloc",
        "tube",
        "filet",
        "plaque",
        "pot",
        "poche",
        "capsule",
        "seau",
        "cuve",
        "plateau",
        "couronne",
        "botte",
        "aerosol",
        "plaquette",
        "bac",
        "barre",
        "carnet",
    }
)
# Spellings that are also ordinary words: a container only next to a number.
_AMBIGUES = frozenset(
    """tour fil cour plat col car can pal fl sc bq pk eti tub rl rx sx bd fla bt plt plq ct cls cts bid fls sach ram rou rol aero fat bb pch
    poch spray sprays bombe bombes rame rames filet filets plaque plaques plateau bloc tube tubes capsule botte cartouche pot poche lot
    pack et lt lts""".split()  # noqa: SIM905
)

_COUPURES = frozenset({"-", "(", "de", "/", ",", ")"})
_FERMETURES = frozenset({"", ")", "-", ",", ";"})
# « filet 50 » at the end, « plaque 18 - pensées »: the number is what they hold.
_FERMES = frozenset({"plaque", "plaquette", "filet", "plateau"})
_SUITES = _FERMES | {"botte", "carnet"}
_COUPURES_OU_POINT = _COUPURES | {"."}
_MOIGNONS = frozenset({"feu", "r", "p", "pi", "u", "s"})
_SEPARATEURS = frozenset({"-", "(", "/", ",", ";", "+", "par"})
# After these a container is what the thing is for, or made of: « support à boîte », « gobelet en carton ».
_COMPLEMENTS = frozenset({"de", "d", "a", "pour", "en", "sans", "avec", "porte", "ouvre", "et", "ou"})
# Even at the end of a label these may be the thing, or what it is made of: only a separator makes them a packaging.
_CHOSES_OU_MATIERES = frozenset({"carton", "pochette", "etui", "sachet", "distributeur", "sac", "plateau", "bloc"})
_FORMATS = frozenset(
    {
        (24, 32),
        (21, 29),
        (22, 31),
        (17, 22),
        (25, 35),
        (26, 34),
        (32, 24),
        (229, 324),
        (162, 229),
        (110, 220),
        (50, 65),
        (50, 70),
        (65, 50),
        (29, 42),
    }
)
_EXPRESSIONS = (
    ("big", re.compile(r"\bbigs?[ -]bags?\b"), "bigbag"),
    ("box", re.compile(r"\bbag[ -]in[ -]box\b"), "baginbox"),
    ("lineaire", re.compile(r"\b(?:metres?|m) lineaires?\b"), "m"),
)
# « 2x50 m » is a width and a length, « 12x180 m » twelve rolls.
_LARGEUR_MAX = 5
# More empty pieces than any rule looks ahead or behind.
_BORDS = (Piece(""),) * 6


@lru_cache(maxsize=65_536)
def decouper(texte: str) -> Decoupe:
    """Read a label or a unit cell."""
    return decouper_plie(fold(texte))


def decouper_plie(folded: str) -> Decoupe:
    """Read a text already folded."""
    for indice, motif, forme in _EXPRESSIONS:
        if indice in folded:
            folded = motif.sub(forme, folded)
    return _Lecteur(read_pieces(folded)).read()


@lru_cache(maxsize=4096)
def _begins_conditionnement(moignon: str) -> bool:
    """Could this be the beginning of a packaging word?"""
    return any(forme.startswith(moignon) for forme in conditionnements_par_forme())


@lru_cache(maxsize=65_536)
def _is_moignon(mot: str) -> bool:
    return len(mot) >= 2 and mot.isalpha() and mot not in unites_par_forme() and _begins_conditionnement(mot)


class _Lecteur:
    """Reads pieces from left to right; each method consumes what it understands and says whether it did.

    What each piece is stands in columns, ended by a few empty pieces: before the first and after the last, there is nothing.
    """

    def __init__(self, pieces: list[Piece]) -> None:
        self.taille = len(pieces)
        self.textes: tuple[str, ...]
        self.nombres: tuple[Decimal | None, ...]
        self.colles: tuple[bool, ...]
        self.contenants: tuple[Conditionnement | None, ...]
        self.unites: tuple[Unite | None, ...]
        self.inertes: tuple[bool, ...]
        self.textes, self.nombres, self.colles, self.contenants, self.unites, self.inertes = zip(*pieces, *_BORDS, strict=True)
        self.i = 0
        self.relations: list[Relation] = []
        self.mesures: list[Mesure] = []
        self.mentions: list[tuple[str, int]] = []
        self.restes: list[str] = []
        self.caracteres: list[str] = []
        self.vendu_au: Unite | None = None
        self.produits: list[tuple[Relation, Relation]] = []
        self.suites: list[Relation] = []
        self.surfaces: list[Mesure] = []

    def read(self) -> Decoupe:
        textes, nombres, contenants, inertes, restes = self.textes, self.nombres, self.contenants, self.inertes, self.restes
        while self.i < self.taille:
            i = self.i
            if inertes[i] or not (
                (len(textes[i]) == 1 and self._read_lettre())
                or (contenants[i] is not None and self._read_contenant())
                or (nombres[i] is not None and self._read_nombre())
                or (textes[i] in MULTIPLICATEURS and self._read_multiplicateur())
            ):
                restes.append(textes[i])
                self.i = i + 1
        return Decoupe(
            tuple(self.relations),
            tuple(self.mesures),
            tuple(self.mentions),
            tuple(restes),
            tuple(self.caracteres),
            self.vendu_au,
            tuple(self.produits),
            next((code for code, rang in self.mentions if self._is_muet(code, rang)), None),
            self.taille > 0 and _is_moignon(textes[self.taille - 1]),
            self._end(),
            tuple(self.suites),
            tuple(self.surfaces),
        )

    def _is_muet(self, code: str, rang: int) -> bool:
        """Is this container, that nothing counts, a packaging and not the thing? « … - BOITE », « … CARTON DE », not « BOITE ARCHIVE »."""
        devant = self.textes[rang - 1]
        if rang == 0 or devant in _COMPLEMENTS or any(relation.element == code for relation in self.relations):
            return False
        suite = rang + 1
        while self.textes[suite] in _COUPURES_OU_POINT:
            suite += 1
        return devant in _SEPARATEURS or (suite >= self.taille and code not in _CHOSES_OU_MATIERES)

    def _end(self) -> str:
        """A cut label ends in a number that may have lost digits, or in the stump of a word (« carton 4 paque », « (bo »)."""
        if not self.taille:
            return ""
        dernier = self.taille - 1
        mot, devant = self.textes[dernier], self.textes[dernier - 1]
        if mot == ")":
            return ""
        est_reste = bool(self.restes) and self.restes[-1] == mot
        if self.nombres[dernier] is not None:
            return "nombre" if not est_reste or devant in _COUPURES else ""
        suit_nombre = self.nombres[dernier - 1] is not None
        if (suit_nombre and mot in _MOIGNONS) or self._ends_in_mention():
            return "moignon"
        if not est_reste or self.unites[dernier] is not None or self.contenants[dernier] is not None:
            return ""
        if mot in _COUPURES:
            return "moignon"
        return "moignon" if (suit_nombre or devant in _COUPURES) and _begins_conditionnement(mot) else ""

    def _ends_in_mention(self) -> bool:
        """The last word is a container that nothing counts: what it holds was cut off."""
        contenant = self.contenants[self.taille - 1]
        if contenant is None or self.mentions[-1:] != [(contenant.code, self.taille - 1)]:
            return False
        return all(relation.element != contenant.code for relation in self.relations)

    def _contenant(self, rang: int) -> Conditionnement | None:
        """Packaging word at this place; a spelling that is also an ordinary word must touch a number."""
        contenant = self.contenants[rang]
        if contenant is None:
            return None
        forme = self.textes[rang]
        est_final = rang + 2 >= self.taille and (self.nombres[rang + 1] or 0) >= 6
        if forme == "et" and not (rang == 0 or est_final or self.textes[rang - 1] in _SEPARATEURS):
            return None  # « feutres et 12 crayons »
        est_doux = forme in _AMBIGUES or forme not in conditionnements_par_forme()
        return None if est_doux and not self._touche_nombre(rang) else contenant

    def _touche_nombre(self, rang: int) -> bool:
        if self.nombres[rang - 1] is not None:
            return True
        suite = rang + 1
        while self.textes[suite] in _LIAISONS:
            suite += 1
        return self.nombres[suite] is not None

    def _mesure(self, rang: int) -> Unite | None:
        """Unit of measure at this place, unless it is followed by « /m2 », « /l », or « / » and nothing: a rate is a feature."""
        unite = self.unites[rang]
        if unite is None or unite.dimension not in MESURES or self.textes[rang] == "q":
            return None
        if self.textes[rang + 1] != "/":
            return unite
        est_taux = self.unites[rang + 2] is not None or rang + 2 >= self.taille
        return None if est_taux or self._is_lettre(rang) else unite

    def _is_lettre(self, rang: int) -> bool:
        """« 38x51 L/12 » is a lot de 12, not 51 litres."""
        est_lettre = len(self.textes[rang]) == 1 and self.textes[rang + 1] == "/"
        return est_lettre and self.nombres[rang + 2] is not None and not self.colles[rang]

    def _element(self, rang: int) -> tuple[str | None, int]:
        """What is counted after a number: (code, pieces consumed)."""
        if self.textes[rang] == "de":
            rang_mot, pas = rang + 1, 1
        else:
            rang_mot, pas = rang, 0
        mot = self.textes[rang_mot]
        if self._is_lettre(rang_mot):
            return None, 0
        if mot == "f":
            return "feuille", pas + 1
        if mot == "r":
            return "ramette", pas + 1
        if mot == "p" and (self.nombres[rang - 1] or 0) >= 16 and self.textes[rang + 1] != "+":
            return "page", pas + 1
        contenant = self._contenant(rang_mot)
        if contenant is not None and self.textes[rang_mot + 1] in {"a", "archive", "archives", "distributrice"}:
            return None, 0  # « paquet de 25 boîtes à archives »: the boîte is the thing
        if contenant is not None:
            return contenant.code, pas + 1
        unite = self.unites[rang_mot]
        if unite is not None and unite.code in COMPTES and self.nombres[rang_mot] is None:
            return unite.code, pas + 1
        return None, 0

    def _read_lettre(self) -> bool:
        """« B/100 », « R/500F », « C/5 »: one letter, a slash, a number."""
        lettre = self.textes[self.i]
        nombre = self.nombres[self.i + 2]
        if len(lettre) != 1 or not lettre.isalpha() or self.textes[self.i + 1] not in {"/", "."} or nombre is None:
            return False
        code = "rouleau" if lettre == "r" and nombre < 100 else LETTRES.get(lettre, "")
        if not (code or lettre in _LETTRES_VAGUES) or (lettre == "e" and nombre < 6):  # E/4, E/5: sizes of envelopes
            return False
        self._read_contenu(None if lettre in _LETTRES_VAGUES else code, self.i + 2)
        return True

    def _read_contenant(self) -> bool:
        """« carton de 5 ramettes », « BTE 100 », « bidon 5L »; without a number it is only a mention."""
        contenant = self._contenant(self.i)
        if contenant is None:
            return False
        suite = self.i + 1
        lie = False
        while self.textes[suite] in _LIAISONS:
            lie = lie or self.textes[suite] in {"de", "/"}
            suite += 1
        if self.nombres[suite] is None or not self._is_contenu(contenant, suite, lie=lie):
            self.mentions.append((contenant.code, self.i))
            self._note_suite(contenant.code, suite)
            self.i += 1
            return True
        self._read_contenu(contenant.code, suite)
        return True

    def _note_suite(self, code: str, rang: int) -> None:
        """« plaque 18 pensées »: the number may be what a plaque holds, the unit cell or the price will tell."""
        nombre = self.nombres[rang]
        if nombre is None or code not in _SUITES or nombre != nombre.to_integral_value() or nombre < 2:
            return
        if self._mesure(rang + 1) is None and self.textes[rang + 1] not in _CARACTERES | {"x", "/", "mm", "cm"}:
            self.suites.append(Relation(code, nombre, None, self.i))

    def _is_contenu(self, contenant: Conditionnement, rang: int, *, lie: bool) -> bool:
        """Is the number after a container its content, or a size, a model, a feature?"""
        nombre = self.nombres[rang]
        suivant = self.textes[rang + 1]
        if (suivant in _CARACTERES and not (suivant in _COULEURS and contenant.rang in {2, 3})) or suivant in {"mm", "cm"}:
            return False
        if suivant == "x":
            return not self._is_dimensions(rang) or (contenant.rang >= 2 and self._is_doute(rang))
        if self._mesure(rang + 1) is not None:
            return True
        if nombre is None or nombre != nombre.to_integral_value() or nombre < 2:
            return False
        if self._element(rang + 1)[0] is not None:
            return True
        est_ferme = suivant in _FERMETURES and contenant.code in _FERMES
        return lie or est_ferme or contenant.code not in _FAIBLES

    def _read_contenu(self, code: str | None, rang: int) -> None:
        """The number at `rang` is the content of `code`."""
        nombre = self.nombres[rang]
        assert nombre is not None
        if self.textes[rang + 1] == "x" and self.nombres[rang + 2] is not None:
            self._read_produit(code, rang)
            return
        unite = self._mesure(rang + 1)
        if unite is not None:
            self.mesures.append(Mesure(code, nombre, unite, self.i))
            self.i = rang + 2
            return
        element, pas = self._element(rang + 1)
        if self._opens_groupe(code, element, rang + 1 + pas):
            element, pas = None, 0
        self.relations.append(Relation(code, nombre, element, self.i))
        # an element that is itself a container is read again: « 40 sacs de 25 kg »
        est_contenant = element in conditionnements() and self.textes[rang + pas] != "r"
        self.i = rang + pas if est_contenant else rang + 1 + pas

    def _opens_groupe(self, code: str | None, element: str | None, suite: int) -> bool:
        """« boîte 20 carton 12 boîtes »: the carton is not what the boîte holds, it holds boîtes itself."""
        if code is None or element not in conditionnements() or self.nombres[suite] is None:
            return False
        return conditionnements()[element].rang > conditionnements()[code].rang

    def _read_produit(self, code: str | None, rang: int) -> None:
        """« 6 x 1,5 l », « 12 x 4 x 25 g », « 10 x 100 »: each factor but the last wraps what follows."""
        facteurs = [self.nombres[rang]]
        while self.textes[rang + 1] == "x" and self.nombres[rang + 2] is not None:
            rang += 2
            facteurs.append(self.nombres[rang])
        nombres = [facteur for facteur in facteurs if facteur is not None]
        unite = self._mesure(rang + 1)
        contenants = [code, *([None] * len(nombres))]
        if unite is not None:
            for k, nombre in enumerate(nombres[:-1]):
                self.relations.append(Relation(contenants[k], nombre, None, self.i, k if code else k + 1))
            self.mesures.append(Mesure(None, nombres[-1], unite, self.i))
            self.i = rang + 2
            return
        element, pas = self._element(rang + 1)
        for k, nombre in enumerate(nombres):
            dernier = k == len(nombres) - 1
            self.relations.append(Relation(contenants[k], nombre, element if dernier else None, self.i, k))
        self.i = rang + 1 + pas

    def _is_dimensions(self, rang: int) -> bool:
        """« 24x32 », « 120x80x2 cm », « 21x29,7 »: sizes, not « 6x1,5 l »."""
        nombres = []
        while (nombre := self.nombres[rang]) is not None:
            nombres.append(nombre)
            if self.textes[rang + 1] != "x":
                break
            rang += 2
        suivant = self.textes[rang + 1]
        unite = self._mesure(rang + 1)
        if unite is not None:
            est_largeur = nombres[0] <= _LARGEUR_MAX or nombres[0] != nombres[0].to_integral_value()
            return unite.dimension == "longueur" and (unite.code != "m" or est_largeur)
        if suivant in _CARACTERES or suivant == "'":
            return True
        return self._compte(rang)[0] is None

    def _compte(self, rang: int) -> tuple[str | None, int]:
        """What the number at `rang` counts, when it opens a group: « 6 bouteilles de 33 cl », but not « agrafes 24/6 boîte de 1000 »."""
        if self.textes[rang + 1] == "de":
            return None, 0
        element, pas = self._element(rang + 1)
        if element not in conditionnements():
            return element, pas
        forme = self.textes[rang + pas]
        est_pluriel = forme in {fold(conditionnements()[element].pluriel), "rlx"} and forme != fold(conditionnements()[element].nom)
        ouvre = rang == 0 or (self.textes[rang - 1] in {"x", "(", ",", "-", "+"} and self.nombres[rang - 2] is None)
        suite = rang + pas + 1
        while self.textes[suite] in _LIAISONS:
            suite += 1
        contient = self.nombres[suite] is not None
        return (element, pas) if est_pluriel or ouvre or (not contient and forme != fold(conditionnements()[element].nom)) else (None, 0)

    def _is_doute(self, rang: int) -> bool:
        """« 10x20 » alone: two whole numbers that are no usual paper size."""
        premier, second = self.nombres[rang], self.nombres[rang + 2]
        if premier is None or second is None or self.textes[rang + 3] in {"x", "cm", "mm"}:
            return False
        entiers = premier == int(premier) and second == int(second)
        return entiers and premier >= 2 and second >= 2 and (int(premier), int(second)) not in _FORMATS

    def _read_nombre(self) -> bool:
        """« 6x1,5 l », « 6 bouteilles de 33 cl », « 500 feuilles », « 25 kg »."""
        nombre = self.nombres[self.i]
        if nombre is None:
            return False
        if self.textes[self.i + 1] == "x" and self.nombres[self.i + 2] is not None:
            return self._read_dimensions() if self._is_dimensions(self.i) else self._read_produit_nu()
        unite = self._mesure(self.i + 1)
        if unite is not None:
            self.mesures.append(Mesure(self._chose_devant(), nombre, unite, self.i))
            self.i += 2
            return True
        if self.textes[self.i + 1] in _CARACTERES:
            if self.textes[self.i + 1] in _COULEURS and nombre >= 2:
                self.suites.append(Relation(None, nombre, None, self.i))
            self.caracteres.append(f"{nombre.normalize():f}{self.textes[self.i + 1]}")
            self.i += 2
            return True
        if self._read_par_contenant(nombre):
            return True
        element, pas = self._compte(self.i)
        if self.textes[self.i + 1] == "x" and nombre >= 2 and (suite := self._contenant(self.i + 2)) is not None:
            element, pas = suite.code, 2
        if element is None or nombre != nombre.to_integral_value() or (element in _FAIBLES and nombre > 500):
            return False
        self.relations.append(Relation(None, nombre, element, self.i))
        self.i += pas if element in conditionnements() and self.textes[self.i + pas] != "r" else 1 + pas
        return True

    def _read_par_contenant(self, nombre: Decimal) -> bool:
        """« 25/rlx », « 100 par boîte »: so many in each."""
        est_barre = self.textes[self.i + 1] == "/" and self.colles[self.i + 1] and self.colles[self.i + 2]
        contenant = self._contenant(self.i + 2) if est_barre or self.textes[self.i + 1] == "par" else None
        if contenant is None or nombre < 2 or nombre != nombre.to_integral_value() or self.nombres[self.i + 3] is not None:
            return False
        if self.textes[self.i - 1] == "/" or len(self.textes[self.i + 2]) < 2:
            return False  # « 24/6/bte » is a size
        self.relations.append(Relation(contenant.code, nombre, None, self.i))
        self.i += 3
        return True

    def _chose_devant(self) -> str | None:
        """« 18 portions de 100 g »: the measure is that of each portion."""
        if self.textes[self.i - 1] != "de":
            return None
        unite = self.unites[self.i - 2]
        return unite.code if unite is not None and unite.code in COMPTES else None

    def _read_produit_nu(self) -> bool:
        self._read_produit(None, self.i)
        return True

    def _read_dimensions(self) -> bool:
        if self._is_doute(self.i):
            dehors, dedans = self.nombres[self.i], self.nombres[self.i + 2]
            assert dehors is not None
            assert dedans is not None
            self.produits.append((Relation(None, dedans, None, self.i + 1), Relation(None, dehors, None, self.i)))
        debut = self.i
        morceaux = []
        while self.nombres[self.i] is not None or self.textes[self.i] == "x":
            nombre = self.nombres[self.i]
            if nombre is None and self.nombres[self.i + 1] is None:
                break
            morceaux.append("x" if nombre is None else f"{nombre.normalize():f}")
            self.i += 1
        if self._mesure(self.i) is not None and not (self.nombres[self.i + 1] is not None and self.colles[self.i + 1]):
            self._read_surface(debut)
            morceaux.append(self.textes[self.i])
            self.i += 1
        self.caracteres.append("".join(morceaux))
        return True

    def _read_surface(self, debut: int) -> None:
        """« rouleau 2x50 m » is 50 m long and covers 100 m²."""
        largeur, longueur = self.nombres[debut], self.nombres[debut + 2]
        if self.i != debut + 3 or self.textes[self.i] != "m" or largeur is None or longueur is None:
            return
        self.surfaces.append(Mesure(None, largeur * longueur, unites()["m2"], debut))
        self.surfaces.append(Mesure(None, max(largeur, longueur), unites()["m"], debut))

    def _read_multiplicateur(self) -> bool:
        """« x12 », « par 12 », « les 50 », « le cent », « le mille »."""
        mot, nombre = self.textes[self.i], self.nombres[self.i + 1]
        if mot in {"x", "par", "les", "/"} and nombre is not None and nombre == nombre.to_integral_value() and nombre >= 2:
            if mot == "/" and self.i > 0 and self.colles[self.i]:
                return False
            element, pas = self._element(self.i + 2)
            if self._mesure(self.i + 2) is not None or self.textes[self.i + 2] in _CARACTERES - _COULEURS:
                return False
            self.relations.append(Relation(None, nombre, element if element not in conditionnements() else None, self.i))
            self.i += 2 + (pas if element is not None and element not in conditionnements() else 0)
            return True
        unite = self.unites[self.i + 1] if mot in {"le", "la", "au"} else None
        if unite is not None and unite.dimension in MESURES | {"energie", "temps"}:
            self.vendu_au = unite
            self.i += 2
            return True
        if mot in {"le", "au"} and self.textes[self.i + 1] in {"cent", "mille"}:
            self.relations.append(Relation(None, unites()[self.textes[self.i + 1]].facteur, "unite", self.i))
            self.i += 2
            return True
        return False
