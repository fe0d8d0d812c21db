"""Read restricted Markdown into a list of blocks: the one form from which DOCX, PDF and HTML are written.

Allowed: headings, paragraphs, lists, tables, bold, italic, page break (`---`). Anything else stays plain text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from analytics.actes.rendu import DEBUT_BLANC, FIN_BLANC, PRECISION
from analytics.typographie import composer

LIGNE_EN_SIGNES = 100.0  # what a line of a table holds, about
PART_SIGNATURE, PART_DATE = 0.28, 0.14  # of the width, in a table to be signed
_REGLES = ["heading", "list", "table", "hr", "emphasis", "escape", "newline", "balance_pairs"]


@dataclass(frozen=True)
class Morceau:
    """A run of text of one look. `blanc`: a fact to be completed."""

    texte: str
    gras: bool = False
    italique: bool = False
    blanc: bool = False


@dataclass(frozen=True)
class Titre:
    """A heading, level 1 (title of the act) to 4."""

    niveau: int
    morceaux: tuple[Morceau, ...]


@dataclass(frozen=True)
class Paragraphe:
    """A paragraph."""

    morceaux: tuple[Morceau, ...]


@dataclass(frozen=True)
class Liste:
    """A list; each element is one paragraph."""

    ordonnee: bool
    elements: tuple[tuple[Morceau, ...], ...]


@dataclass(frozen=True)
class Tableau:
    """A table with a header row. `largeurs` are shares of the page width that add up to 1."""

    entete: tuple[tuple[Morceau, ...], ...]
    lignes: tuple[tuple[tuple[Morceau, ...], ...], ...]
    a_droite: tuple[bool, ...]
    largeurs: tuple[float, ...]
    signatures: bool  # rows high enough to sign in


@dataclass(frozen=True)
class Saut:
    """A page break."""


Bloc = Titre | Paragraphe | Liste | Tableau | Saut


def lire_blocs(markdown: str) -> list[Bloc]:
    """Blocks of a drafted act, French typography applied to every run."""
    jetons = MarkdownIt("zero").enable(_REGLES).parse(markdown)
    blocs: list[Bloc] = []
    rang = 0
    while rang < len(jetons):
        bloc, rang = _next_block(jetons, rang)
        blocs.append(bloc)
    return blocs


def texte_brut(morceaux: Sequence[Morceau]) -> str:
    """The text of runs, a blank shown between brackets as everywhere."""
    return "".join(montrer(morceau) for morceau in morceaux)


def montrer(morceau: Morceau) -> str:
    """What the reader sees of a run."""
    return f"[à compléter : {morceau.texte}]".replace(" :", "\u00a0:") if morceau.blanc else morceau.texte


def annonce(paragraphe: Paragraphe) -> bool:
    """True when a paragraph introduces what follows, and must stay on its page."""
    return texte_brut(paragraphe.morceaux).rstrip("* ").endswith(":")


def textes(blocs: Sequence[Bloc]) -> list[str]:
    """Every paragraph, heading, element and cell in reading order: what the three outputs must say alike."""
    trouves: list[str] = []
    for bloc in blocs:
        if isinstance(bloc, Titre | Paragraphe):
            trouves.append(texte_brut(bloc.morceaux))
        elif isinstance(bloc, Liste):
            trouves += [texte_brut(element) for element in bloc.elements]
        elif isinstance(bloc, Tableau):
            trouves += [texte_brut(cellule) for ligne in (bloc.entete, *bloc.lignes) for cellule in ligne]
    return [texte for texte in trouves if texte]


def _next_block(jetons: Sequence[Token], rang: int) -> tuple[Bloc, int]:
    jeton = jetons[rang]
    if jeton.type == "heading_open":
        return Titre(int(jeton.tag[1]), _runs(jetons[rang + 1])), rang + 3
    if jeton.type == "paragraph_open":
        return Paragraphe(_runs(jetons[rang + 1])), rang + 3
    if jeton.type == "hr":
        return Saut(), rang + 1
    fin = _closing(jetons, rang)
    if jeton.type in ("bullet_list_open", "ordered_list_open"):
        lignes = [_runs(j) for j in jetons[rang:fin] if j.type == "inline"]
        return Liste(jeton.type.startswith("ordered"), tuple(lignes)), fin + 1
    if jeton.type == "table_open":
        return _table(jetons[rang:fin]), fin + 1
    raise ValueError(f"act template uses an unexpected block: {jeton.type}")


def _closing(jetons: Sequence[Token], rang: int) -> int:
    attendu = jetons[rang].type.replace("_open", "_close")
    for position in range(rang + 1, len(jetons)):
        if jetons[position].type == attendu and jetons[position].level == jetons[rang].level:
            return position
    raise ValueError(f"unclosed block: {jetons[rang].type}")


def _table(jetons: Sequence[Token]) -> Tableau:
    lignes: list[list[tuple[Morceau, ...]]] = []
    a_droite: list[bool] = []
    for jeton in jetons:
        if jeton.type == "tr_open":
            lignes.append([])
        elif jeton.type == "th_open":
            a_droite.append("right" in str(jeton.attrGet("style") or ""))
        elif jeton.type == "inline":
            lignes[-1].append(_runs(jeton))
    entete, *corps = [tuple(ligne) for ligne in lignes]
    signatures = any(texte_brut(cellule).startswith("Signature") for cellule in entete)
    return Tableau(entete, tuple(corps), tuple(a_droite), _widths(entete, corps, a_droite, signatures), signatures)


def _widths(entete: Sequence[Any], corps: Sequence[Any], a_droite: Sequence[bool], signatures: bool) -> tuple[float, ...]:
    """Each column at least as wide as its longest word; what is left goes to those that would like more."""
    minima, souhaits = [], []
    for colonne, droite in enumerate(a_droite):
        cellules = [texte_brut(ligne[colonne]) for ligne in corps]
        titre = texte_brut(entete[colonne])
        # No-break spaces hold a word together: only the ordinary space may break a line.
        mot = max((len(mot) for cellule in [titre, *cellules] for mot in cellule.split(" ")), default=1)
        longueurs = [len(cellule) for cellule in cellules] or [1]
        minima.append((max(mot, *longueurs) if droite else mot) + 3.0)
        souhaits.append(max(minima[-1], min(70.0, max(longueurs) + 2.0, sum(longueurs) / len(longueurs) * 1.4 + 4)))
    if signatures:
        minima[-1] = souhaits[-1] = max(minima[-1], LIGNE_EN_SIGNES * PART_SIGNATURE)
        minima[-2] = souhaits[-2] = max(minima[-2], LIGNE_EN_SIGNES * PART_DATE)
    reste = max(0.0, LIGNE_EN_SIGNES - sum(minima))
    envies = [souhait - minimum for souhait, minimum in zip(souhaits, minima, strict=True)]
    facteur = min(1.0, reste / sum(envies)) if sum(envies) else 0.0
    largeurs = [minimum + envie * facteur for minimum, envie in zip(minima, envies, strict=True)]
    return tuple(largeur / sum(largeurs) for largeur in largeurs)


def _runs(jeton: Token) -> tuple[Morceau, ...]:
    """Runs of an inline token, split at the blanks."""
    morceaux: list[Morceau] = []
    gras = italique = False
    texte = ""
    for enfant in jeton.children or []:
        if enfant.type in ("strong_open", "strong_close", "em_open", "em_close"):
            morceaux += _split_blanks(texte, gras, italique)
            texte = ""
            if enfant.type.startswith("strong"):
                gras = enfant.type.endswith("open")
            else:
                italique = enfant.type.endswith("open")
        elif enfant.type in ("softbreak", "hardbreak"):
            texte += " "
        else:
            texte += enfant.content
    morceaux += _split_blanks(texte, gras, italique)
    return tuple(morceaux)


def _split_blanks(texte: str, gras: bool, italique: bool) -> list[Morceau]:
    morceaux = []
    reste = composer(texte)
    while DEBUT_BLANC in reste:
        avant, _, suite = reste.partition(DEBUT_BLANC)
        libelle, _, reste = suite.partition(FIN_BLANC)
        if avant:
            morceaux.append(Morceau(avant, gras, italique))
        morceaux.append(Morceau(libelle.partition(PRECISION)[0], gras, italique, blanc=True))
    if reste:
        morceaux.append(Morceau(reste, gras, italique))
    return morceaux
