"""The nomenclature in force is the one delivered with what people decided of it: added, renamed, merged, retired; and undone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from analytics.decisions import Decision, Sujet, select
from ingest.familles import Famille, Nomenclature, livree
from ingest.quantites import nomenclature as quantites
from ingest.vocabulaire import FAMILLE_A_CLASSER

SUJETS = (Sujet.FAMILLE_AJOUTER, Sujet.FAMILLE_RENOMMER, Sujet.FAMILLE_MOTS, Sujet.FAMILLE_UNITE, Sujet.FAMILLE_RETIRER)
"""The decisions that edit the nomenclature, and those alone."""
AJOUTEE = "Ajoutée par le club."
_ARTICLES = (Sujet.ARTICLE_MEME, Sujet.ARTICLE_DIFFERENT, Sujet.ARTICLE_SCINDER)


def effective(decisions: Iterable[Decision]) -> Nomenclature:
    """The nomenclature in force under these decisions, whatever their order; the one delivered when none edits it.

    A famille that takes over another inherits its key words, CPV prefixes and accounts. A chain of successors is followed to its end;
    one that comes back on itself, or leads to a famille that does not exist, ends « à classer ».
    """
    editions = select(decisions, *SUJETS)
    if not editions:
        return livree()
    familles = {famille.code: famille for famille in livree().familles}
    for decision in editions:
        if decision.sujet is Sujet.FAMILLE_AJOUTER:
            familles.setdefault(decision.cle, _ajoutee(decision.cle, decision.valeur))
    for decision in editions:
        if decision.cle in familles:
            familles[decision.cle] = _modifiee(familles[decision.cle], decision)
    sorts = {
        d.cle: str(d.valeur.get("dans", FAMILLE_A_CLASSER)) for d in editions if d.sujet is Sujet.FAMILLE_RETIRER and d.cle in familles
    }
    remplacees = {code: _destination(code, sorts, familles) for code in sorted(sorts)}
    return Nomenclature(
        tuple(_heritiere(famille, familles, remplacees) for code, famille in sorted(familles.items()) if code not in sorts),
        tuple(remplacees.items()),
    )


def follow(decisions: Sequence[Decision], nomenclature: Nomenclature) -> list[Decision]:
    """The same decisions, those about the labels of a famille that another has taken over now speaking of that other one."""
    passees = {ancien: vers for ancien, vers in nomenclature.remplacees if vers != FAMILLE_A_CLASSER}
    if not passees:
        return list(decisions)

    def translate(cle: str) -> str:
        code, espace, mots = cle.partition(" ")
        return f"{passees[code]} {mots}" if espace and code in passees else cle

    return [
        replace(decision, cle=translate(decision.cle), valeur=_traduite(decision.valeur, translate))
        if decision.sujet in _ARTICLES
        else decision
        for decision in decisions
    ]


def unites_possibles(famille: Famille | None) -> tuple[str, ...]:
    """Codes of the units in which a famille may be compared: those its packagings are read in; all of them for one the club adds."""
    reference = quantites.unite_reference(famille.code) if famille else None
    bases = set(reference.unites_base) if reference else {unite.base for unite in quantites.unites().values()}
    return tuple(code for code, unite in quantites.unites().items() if unite.base in bases)


def _traduite(valeur: Mapping[str, Any], translate: Any) -> dict[str, Any]:
    traduite = dict(valeur)
    for champ in ("avec", "vers"):
        if traduite.get(champ):
            traduite[champ] = translate(str(traduite[champ]))
    if "cles" in traduite:
        traduite["cles"] = [translate(str(cle)) for cle in traduite["cles"]]
    return traduite


def _ajoutee(code: str, valeur: Mapping[str, Any]) -> Famille:
    unite = str(valeur.get("unite", "unite"))
    return Famille(
        code=code,
        libelle=str(valeur.get("libelle", code)),
        cpv=(),
        comptes=(),
        unite_reference=_nom(unite),
        mots_cles=tuple(str(mot) for mot in valeur.get("mots_cles", ())),
        nature=str(valeur.get("nature", "fournitures")),
        groupement=AJOUTEE,
        remarque=AJOUTEE,
        unite_choisie=unite,
    )


def _modifiee(famille: Famille, decision: Decision) -> Famille:
    valeur = decision.valeur
    if decision.sujet is Sujet.FAMILLE_RENOMMER and valeur.get("libelle"):
        return replace(famille, libelle=str(valeur["libelle"]))
    if decision.sujet is Sujet.FAMILLE_MOTS:
        return replace(famille, mots_cles=tuple(str(mot) for mot in valeur.get("mots_cles", ())))
    if decision.sujet is Sujet.FAMILLE_UNITE and valeur.get("unite") in unites_possibles(famille):
        return replace(famille, unite_choisie=str(valeur["unite"]), unite_reference=_nom(str(valeur["unite"])))
    return famille


def _destination(code: str, sorts: Mapping[str, str], familles: Mapping[str, Famille]) -> str:
    vues = set()
    while code in sorts and code not in vues:
        vues.add(code)
        code = sorts[code]
    return code if code in familles and code not in sorts else FAMILLE_A_CLASSER


def _heritiere(famille: Famille, familles: Mapping[str, Famille], remplacees: Mapping[str, str]) -> Famille:
    legs = [familles[code] for code, vers in remplacees.items() if vers == famille.code]
    if not legs:
        return famille
    return replace(
        famille,
        cpv=tuple(dict.fromkeys([*famille.cpv, *(prefixe for autre in legs for prefixe in autre.cpv)])),
        comptes=tuple(dict.fromkeys([*famille.comptes, *(compte for autre in legs for compte in autre.comptes)])),
        mots_cles=tuple(dict.fromkeys([*famille.mots_cles, *(mot for autre in legs for mot in autre.mots_cles)])),
    )


def _nom(unite: str) -> str:
    connue = quantites.unites().get(unite)
    return connue.nom if connue else "unité"
