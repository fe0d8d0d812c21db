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

from ingest.quantites.grammaire import decouper
from ingest.quantites.nomenclature import conditionnements_par_forme, unite_reference
from ingest.quantites.texte import fold

_N = r"(\d+(?:[.,]\d+)?)"
_PAPIERS = frozenset({"AD01", "AD02", "AD03", "AD06", "SC01"})
_SANS_DIMENSIONS = frozenset({"EN02", "EN03", "EN08", "SC04", "RE01", "RE02", "RE03", "RE04", "RE05", "RE06", "RE08", "EN01"})
_FORMATS_CM = {(Decimal(21), Decimal("29.7")): "a4", (Decimal("29.7"), Decimal(42)): "a3", (Decimal(11), Decimal(22)): "dl"}
_FORMATS_CM |= {(Decimal("16.2"), Decimal("22.9")): "c5", (Decimal("22.9"), Decimal("32.4")): "c4"}
_FORMATS = {(110, 220): "dl", (162, 229): "c5", (229, 324): "c4", (114, 162): "c6", (210, 297): "a4", (297, 420): "a3", (148, 210): "a5"}
_CHOSES = frozenset({"seau", "tube", "pot", "bloc", "cartouche", "plaque", "filet", "pochette", "boite", "etui"})
_VRAC_OU_NON = frozenset({"ER04", "ER05", "VO02", "VO03"})
_ELISION = re.compile(r"^[dl]'")
_PETITE_BOUTEILLE = Decimal("0.75")
_COULEURS = {
    "noir": "noir|noire|nr|noi|black", "blanc": "blanc|blanche|blc|blche|bco|blan|blanch|bla", "rouge": "rouge|rge|roug|red",
    "bleu": "bleu|bleue|bleus|bleues", "jaune": "jaune|jne|jau|jaunes", "vert": "vert|verte|vrt|vertes|verts", "rose": "rose|roses",
    "cyan": "cyan|cya", "magenta": "magenta|mag|mgta", "orange": "orange coul", "gris": "gris|grise", "violet": "violet|violette",
    "marron": "marron|brun", "ecru": "ecru|ecrue|chamois|beige|ivoire",
    "bordeaux": "bordeaux", "turquoise": "turquoise", "kaki": "kaki", "marine": "marine",
}  # fmt: skip
_COULEUR = {forme: couleur for couleur, formes in _COULEURS.items() for forme in formes.split("|")}
_SANS_COULEUR = frozenset({"RE01", "RE02", "RE03", "RE04", "RE05", "RE06", "RE07", "RE08", "ER03", "ER04", "NU01"})
_MOT_LONG = re.compile(r"[a-z]{7,}")
_DECISIFS = (
    "desinfectant", "compatible", "compatibles", "remanufacture", "remanufacturee", "reconditionne", "recycle", "recyclee",
    "biologique", "ecologique", "ecologiques", "ecolabel", "concentre", "fenetre",
)  # fmt: skip
_QUALITES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (nom, valeur, re.compile(motif))
    for nom, valeur, motif in (
        # « issues de l'agri… » is cut short, or abbreviated: only « raisonnée » makes it another agriculture
        ("bio", "oui", r"\b(?:(?:issue?s? )?(?:de )?l'agri\w*\.?(?: b\w*)?(?! ?rais)|agri\w*\.? bio\w*|bios?|biologiques?|biol|ab)(?!\w)"),
        ("contact", "alimentaire", r"\b(?:(?:contact|usage) )?(?:alimentaires?|alimentation|alim|agroalimentaires?|cuisines?)\b"),
        ("recycle", "oui", r"\b(?:100 ?% )?(?:recycle[es]?s?|recy|recyc|rcy|recycl)\b"),
        ("etat", "remanufacture", r"\b(?:remanufacture[es]?s?|reconditionne[es]?s?|remanuf|recond|reman)\b"),
        ("etat", "compatible", r"\b(?:compatibles?|compat|comp)\b(?: pour\b)?"),
        ("label", "ecolabel", r"\b(?:eco ?-?labels?(?: europeen)?|ecologiques?|ecolabellise[es]?)\b"),
        ("label", "label rouge", r"\blabel rouge\b|\blr\b"),
        ("label", "msc", r"\bmsc\b"),
        ("label", "aop", r"\baop\b"),
        ("concentre", "oui", r"\b(?:concentre[es]?s?|conc)\b"),
        ("presentation", "bobine", r"\b(?:bobines?|bobi?|devidage|dc)\b"),
        ("presentation", "plie", r"\b(?:plie[es]*|pliage|enchevetre[es]*|feuille a feuille)(?: en)?\b"),
        ("desinfectant", "oui", r"\b(?:desinf\w*|desf|bactericide|virucide)\b"),
        ("jumbo", "mini", r"\bmini ?jumbo\b"),
        ("jumbo", "maxi", r"\b(?:maxi ?)?jumbo\b"),
        ("poudre", "non", r"\bnon (?:poudre[es]?s?|poud)\b"),
        ("fenetre", "non", r"\b(?:(?:sans|ss|s/) ?(?:fenetres?|fene?t?|fnt)|s/?f|pleines?)\b"),
        ("fenetre", "oui", r"\b(?:(?:avec|av|a|a/) ?)?(?:fenetres?|fene?t?|fnt|fenestree?s?)\b(?: \d+ ?x ?\d+)?"),
    )
)  # fmt: skip


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
    return json.dumps(lecteur.lus, ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=262_144)
def read_identite(libelle: str, famille: str | None) -> Identite:
    """Features and name of what a label designates, packaging left out."""
    lecteur = _Lecteur(fold(libelle), famille or "")
    lecteur.read()
    return Identite(tuple(sorted(lecteur.lus.items())), lecteur.name_mots())


class _Lecteur:
    """Takes features out of the text one after the other, so that a number is never understood twice."""

    def __init__(self, texte: str, famille: str) -> None:
        self.texte = (
            f" {_MOT_LONG.sub(_mend, texte)} ".replace(" n°", " ")
            .replace(" 1/2 ", " demi ")
            .replace(" tableau blanc ", " tableau ")
            .replace(" tableau blan ", " tableau ")
            .replace(" tableau blc ", " tableau ")
            .replace("\xf8", " d ")
        )
        self.famille = famille
        reference = unite_reference(famille)
        self.bases = frozenset(reference.unites_base) if reference else frozenset({"unite", "kg", "l"})
        self.lus: dict[str, str] = {}

    def read(self) -> None:
        self._read_qualites()
        self._take("section", rf"\b(\d) ?g ?{_N}(?: ?mm2)?\b", lambda m: f"{m[1]}g{_number(m[2])}")
        self._take("filetage", r"\bm ?(\d{1,2}) ?x ?(\d{1,3})\b", lambda m: f"m{m[1]}x{m[2]}", ("x",))
        self._take("teinte", r"\bral ?(\d{4})\b", lambda m: m[1], ("ral",))
        self._take("npk", r"\b(\d{1,2})[-.](\d{1,2})[-.](\d{1,2})\b", lambda m: f"{m[1]}-{m[2]}-{m[3]}", ("-", "."))
        for _ in range(2 if self.famille not in _SANS_DIMENSIONS else 0):  # « 21x29,7 … 5x5 »: a size and a ruling
            self._take("dimensions", rf"\b{_N} ?x ?{_N}(?: ?x ?{_N})? ?(mm|cm|m)?\b(?! ?(?:l|cl|ml|kg|g|f|m)\b)", self._dimensions, ("x",))
        self._take("epaisseur", r"\b(\d+)/100\b(?! ?kg)", lambda m: str(int(m[1]) * 10), ("/100",))
        self._take("plage", rf"\(?\b{_N} ?[/-] ?{_N}(?: ?kg| ?mm| ?cm)?\b\)?", lambda m: f"{_number(m[1])}-{_number(m[2])}", ("/", "-"))
        self._take("epaisseur", r"\b(\d+) ?(?:microns?|mic|um|micra|µ)\b", lambda m: m[1], ("mic", "um", "µ"))
        if self.famille == "EN03":
            self._take("epaisseur", r"\b(\d{2,3}) ?u\b", lambda m: m[1])
        if self.famille in {"VO04", "EP01"}:
            self._take("classe", r"\b(?:classe|cl)\.? ?(\d)\b", lambda m: m[1])
        self._read_livraison()
        self._read_mesures()
        self._read_technique()
        self._read_taille()
        self._read_couleur()
        self.texte = re.sub(r"\b([a-z]{1,3})-(\d{1,4})\b", r"\1\2", self.texte)

    def _take(self, nom: str, motif: str, valeur: Callable[[re.Match[str]], str], indices: tuple[str, ...] = ()) -> None:
        """Take out the first text of this pattern; it is looked for only when one of `indices` is there, which costs far less."""
        if indices and not any(indice in self.texte for indice in indices):
            return
        trouve = re.search(motif, self.texte)
        if trouve is None:
            return
        lue = valeur(trouve)
        if lue:
            ancienne = self.lus.get(nom)
            self.lus[nom] = lue if ancienne is None or ancienne == lue else "+".join(sorted({*ancienne.split("+"), lue}))
        self.texte = f"{self.texte[: trouve.start()]} {self.texte[trouve.end() :]}"

    def _read_qualites(self) -> None:
        for nom, valeur, motif in _QUALITES:
            if (
                (nom == "desinfectant" and self.famille != "EN01")
                or (nom == "fenetre" and self.famille != "AD03")
                or (nom == "contact" and self.famille != "EN01")
                or (valeur == "label rouge" and not self.famille.startswith("RE"))
            ):
                continue
            if nom not in self.lus and motif.search(self.texte):
                self.lus[nom] = valeur
                self.texte = motif.sub(" ", self.texte)

    def _dimensions(self, trouve: re.Match[str]) -> str:
        nombres = [Decimal(n.replace(",", ".")) for n in trouve.group(1, 2, 3) if n]
        paire = (int(nombres[0]), int(nombres[1]))
        format_lu = _FORMATS.get(paire) or _FORMATS_CM.get((nombres[0], nombres[1]))
        if format_lu is not None and self.famille in _PAPIERS:
            self.lus["format"] = format_lu
            return ""
        plus_grand = max(nombres)
        if plus_grand == 0:
            return ""
        echelle = Decimal(10) ** plus_grand.adjusted()  # 600x600 mm, 60x60 cm and 0,6 x 0,6 m are one size
        return "x".join(f"{(n / echelle).normalize():f}" for n in nombres)

    def _read_mesures(self) -> None:
        """A measure that is not the content of the packaging is a feature: seau de 12 l, colle de 20 g, sac de 110 l."""
        if self.famille in _PAPIERS:
            self._take("grammage", r"\b(\d{2,3}) ?(?:g/m2|grs?|grammes?|g)\b", lambda m: m[1])
        elif "kg" not in self.bases:
            self._take("poids", rf"\b{_N} ?(kg|grs?|g)\b", lambda m: f"{_number(m[1], 1000 if m[2] == 'kg' else 1)}g")
        if "l" not in self.bases:
            self._take("capacite", rf"\b{_N} ?(litres?|lt?|cl|ml)\b(?! ?/)", lambda m: f"{_litres(m)}l")
        pots = "pot|godet|" if self.famille.startswith("EV") else ""
        self._take(
            "longueur",
            rf"\b(?:dos|fond|{pots}d|diam|diametre)\.? ?(?:v|de)? ?{_N} ?(mm|cm|m)?\b(?! ?(?:l|litres?|kg|g)\b)",
            self._longueur_dite,
        )
        self._take("longueur", rf"\b{_N} ?(mm|cm)\b", lambda m: f"{_number(m[1], 10 if m[2] == 'cm' else 1)}mm", ("mm", "cm"))
        if "m" not in self.bases:
            self._take("longueur", rf"\b{_N} ?m\b", lambda m: f"{_number(m[1], 1000)}mm")

    def _read_livraison(self) -> None:
        """In bulk or packed is another price (pellets, propane, salt, cold mix); a small bottle is another drink than a big one."""
        if self.famille in _VRAC_OU_NON:
            if re.search(r"\b(?:vrac|citerne|souffle[es]*|depart|livre|camion)\b", self.texte):
                self.lus["livraison"] = "vrac"
            elif re.search(r"\b(?:sacs?|bouteilles?|blles?|seaux?|big ?-?bags?|bidons?|palettes?|pal)\b|\b\d\d ?kg\b", self.texte):
                self.lus["livraison"] = "conditionne"
        if self.famille == "RE08":
            volumes = [Decimal(_litres(m)) for m in re.finditer(rf"(?<![\d.,]){_N} ?(litres?|lt?|cl|ml)\b", self.texte)]
            if volumes:
                self.lus["bouteille"] = "petite" if min(volumes) < _PETITE_BOUTEILLE else "grande"

    def _longueur_dite(self, trouve: re.Match[str]) -> str:
        unite = trouve[2] or ("cm" if self.famille.startswith("EV") else "mm")
        return f"{_number(trouve[1], {'mm': 1, 'cm': 10, 'm': 1000}[unite])}mm"

    def _read_technique(self) -> None:
        if self.famille == "BA03":
            self._take("culot", r"\b(e27|e14|gu10|b22|g4|t8|t5|r7s)\b", lambda m: m[1])
        self._take("puissance", rf"\b{_N} ?w(?:atts?)?\b", lambda m: f"{_number(m[1])}w", ("w",))
        self._take("temperature", r"\b(\d{4}) ?k\b", lambda m: f"{m[1]}k", ("k",))
        self._take("tension", r"\b(\d{1,3}) ?(?:v|volts?)\b", lambda m: f"{m[1]}v", ("v",))
        self._take("affaiblissement", r"\b(\d+) ?db\b", lambda m: f"{m[1]}db", ("db",))
        self._take("pourcentage", rf"(?<!\d){_N} ?%(?: ?(?:mg|de matiere grasse|de chlore actif|c\.a\.?))?", self._pourcentage, ("%",))
        self._take("degre", r"\b(\d{1,2}) ?(?:°|degres?\b)", lambda m: m[1], ("°", "deg"))
        self._take("plis", r"\b(\d) ?plis?\b", lambda m: m[1], ("pli",))
        if self.famille.startswith("BA"):
            self._take("poles", r"\b([1-4]) ?p ?\+ ?[nt]\b|\b([1-4])p\b|\b(ph) ?\+ ?n\b", lambda m: "1" if m[3] else m[1] or m[2])
            self._take("intensite", r"\b(\d{1,3}) ?(?:a|amp|amperes?)\b", lambda m: f"{m[1]}a")
            self._take("courbe", r"\b(?:courbe )?([bcd])\b(?! ?/)" if self.famille == "BA02" else r"(?!)", lambda m: m[1])
            self._take("longueur totale", rf"\b(?:l|lg|long|longueur)\.? ?{_N}\b(?! ?(?:l|kg))", lambda m: _number(m[1]))
        if self.famille.startswith("NU"):
            self._take("ecran", rf"\b{_N} ?(?:pouces?|\"|p\b)", lambda m: _number(m[1]))
            self._take("memoire", r"\b(\d+) ?(?:go|gb)\b", lambda m: f"{m[1]}go")
            self._take("memoire", r"\b(?:ssd ?)?(\d{3,4})(?: ?(?:go|gb))?\b", lambda m: f"{m[1]}go")
        if self.famille in {"SC01", "AD02", "AD06"}:
            self._take("pages", r"\b(\d+) ?p(?:ages?|gs?)?\b", lambda m: m[1])
        if self.famille == "EN02":
            self._take("pliage", r"\b(?:pliage|plies?|enchevetres?)?(?: en)? ?\b([zvw])\b", lambda m: m[1])
        if self.famille == "AD01" or self.famille in _PAPIERS:
            self._take("format", r"\b(a[0-6]|c[456]|dl)\b", lambda m: m[1])

    def _pourcentage(self, trouve: re.Match[str]) -> str:
        return "" if trouve[1] == "100" else _number(trouve[1])

    def _read_taille(self) -> None:
        if self.famille == "RE05":
            self._take("type", r"\b(?:t|type) ?(\d{2,3})\b", lambda m: m[1])
        if self.famille[:2] in {"SC", "EN", "EP"} and self.famille != "EN01":
            self._take("taille", r"\bt(?:aille|ailles|le)?\.? ?(xs|s|m|l|xl|xxl|xxxl|[2-6]xl|\d{1,2})\b", lambda m: m[1])
        if self.famille in {"EN08", "EP01", "EP02"} and "taille" not in self.lus:
            self._take("taille", r"\b(xs|s|m|xl|xxl|xxxl|[2-6]xl)\b", lambda m: m[1])
        self._take("segment", r"\b(?:segment )?(c[1-5])\b" if self.famille == "ER01" else r"(?!)", lambda m: m[1])

    def _read_couleur(self) -> None:
        if self.famille in _SANS_COULEUR:
            return
        lues = {couleur for mot in re.findall(r"[a-z]+", self.texte) if (couleur := _read_couleur(mot))}
        if len(lues) == 1:
            self.lus["couleur"] = lues.pop()
            self.texte = re.sub(r"[a-z]+", lambda m: "" if _read_couleur(m[0]) else m[0], self.texte)

    def name_mots(self) -> tuple[str, ...]:
        """Words left, without single letters, misspelt packaging nor the stump of one at the end of a cut label.

        A container that holds nothing counted is the thing itself: seau, tube LED, pochette perforée.
        """
        decoupe = decouper(self.texte)
        mots = [_ELISION.sub("", mot) for mot in decoupe.restes if any(signe.isalnum() for signe in mot)]
        choses = [code for code, _ in decoupe.mentions if code in _CHOSES and self.bases == {"unite"}]
        mots = [mot for mot in mots if len(mot) > 1 and not _is_conditionnement_mal_ecrit(mot)]
        if mots and len(mots[-1]) <= 6 and any(forme.startswith(mots[-1]) for forme in _longs_conditionnements()):
            mots.pop()
        return (*choses, *mots)


@lru_cache(maxsize=1)
def _longs_conditionnements() -> tuple[str, ...]:
    return tuple(sorted(forme for forme in conditionnements_par_forme() if len(forme) >= 5))


@lru_cache(maxsize=65_536)
def _is_conditionnement_mal_ecrit(mot: str) -> bool:
    if len(mot) < 6 or not mot.isalpha():
        return False
    return any(DamerauLevenshtein.distance(mot, forme, score_cutoff=1) <= 1 for forme in _longs_conditionnements() if len(forme) >= 6)


@lru_cache(maxsize=65_536)
def _read_couleur(mot: str) -> str | None:
    """Colour of a word or of its abbreviation; « bl » is nobody's: bleu and blanc are both written so."""
    if mot in _COULEUR or len(mot) < 4:
        return _COULEUR.get(mot)
    couleurs = {couleur for forme, couleur in _COULEUR.items() if forme.startswith(mot)}
    return couleurs.pop() if len(couleurs) == 1 else None


def _mend(trouve: re.Match[str]) -> str:
    """A slip in a word that decides of a feature (« cmpatible ») is mended before it is looked for."""
    return _mend_mot(trouve[0])


@lru_cache(maxsize=65_536)
def _mend_mot(mot: str) -> str:
    if mot in _DECISIFS:
        return mot
    return next((decisif for decisif in _DECISIFS if DamerauLevenshtein.distance(mot, decisif, score_cutoff=1) <= 1), mot)


def _number(texte: str, facteur: int = 1) -> str:
    return f"{(Decimal(texte.replace(',', '.')) * facteur).normalize():f}"


def _litres(trouve: re.Match[str]) -> str:
    diviseur = {"cl": 100, "ml": 1000}.get(trouve[2], 1)
    return f"{(Decimal(trouve[1].replace(',', '.')) / diviseur).normalize():f}"
