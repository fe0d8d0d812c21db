"""The unit cell says what is counted: a unit, a container, sometimes a whole packaging (« CT5 », « boîte de 100 »)."""

from dataclasses import dataclass
from functools import lru_cache

from ingest.quantites.decoupe import Decoupe
from ingest.quantites.grammaire import LETTRES, decouper
from ingest.quantites.nomenclature import Unite, conditionnements_par_forme, deviner, read_abrege, unites, unites_par_forme
from ingest.quantites.texte import fold


@dataclass(frozen=True, slots=True)
class UniteLue:
    """The unit cell: a unit, a container, what it says of packaging; `texte` as written; `est_devinee`: an abbreviation we did not know."""

    texte: str
    unite: Unite | None = None
    contenant: str | None = None
    detail: Decoupe | None = None
    est_devinee: bool = False

    @property
    def est_inconnue(self) -> bool:
        """Something is written that is neither a unit nor a packaging."""
        return bool(self.texte) and self.unite is None and self.contenant is None and self.detail is None

    @property
    def est_piece(self) -> bool:
        """One counts pieces."""
        return self.unite is not None and self.unite.code in {"unite", "forfait", "portion"}


@lru_cache(maxsize=16_384)
def read_unite(unite: str | None, admises: tuple[str, ...], *, est_au_mille: bool) -> UniteLue:
    """Read a unit cell, given the base units of the famille; `est_au_mille`: things sold by the thousand there."""
    texte = (unite or "").strip()
    forme = fold(texte).strip(" .()*")
    for prefixe in ("le ", "la ", "les ", "l'", "au ", "par ", "1 "):
        if forme not in unites_par_forme() and forme.startswith(prefixe):
            forme = forme.removeprefix(prefixe)
    if not forme:
        return UniteLue("")
    if forme == "cart" and "page" in admises:
        return UniteLue(texte, contenant="cartouche")
    if forme == "ml" and "l" not in admises:  # mètre linéaire, or mille where things are sold by the thousand
        return UniteLue(texte, unite=unites()["mille" if est_au_mille else "m"])
    lue = unites_par_forme().get(forme)
    if forme in LETTRES and (lue is None or lue.base not in admises):
        return UniteLue(texte, contenant=LETTRES[forme])
    if lue is not None:
        return UniteLue(texte, unite=lue)
    if forme in conditionnements_par_forme():
        return UniteLue(texte, contenant=conditionnements_par_forme()[forme].code)
    detail = decouper(f"x{forme}" if forme.isdigit() and int(forme) > 1 else forme)
    if detail.est_vide:
        return _guess(texte, forme)
    codes = [relation.contenant for relation in detail.relations] + [mesure.contenant for mesure in detail.mesures]
    nommes = [code for code in codes if code] + [code for code, _ in detail.mentions]
    if not detail.relations and not detail.mesures:
        return UniteLue(texte, contenant=nommes[0])
    return UniteLue(texte, contenant=nommes[0] if nommes else None, detail=detail)


def _guess(texte: str, forme: str) -> UniteLue:
    """An abbreviation nobody wrote down: the one word it may stand for, if there is only one."""
    singulier = forme.removesuffix("s")
    abrege = conditionnements_par_forme().get(singulier) or read_abrege(forme) or deviner(singulier)
    if isinstance(abrege, Unite):
        return UniteLue(texte, unite=abrege, est_devinee=True)
    return UniteLue(texte, contenant=abrege.code, est_devinee=True) if abrege is not None else UniteLue(texte)
