"""What people decided is data: who, when, why; replayed at each build in the order of time, and undone by leaving it out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Sujet(StrEnum):
    """What a decision is about; `cle` and `valeur` of each are said here.

    Where an article_id is said below, a `cle_libelle` of `analytics.articles` (what a label says) will do. An identifier that a decision in
    force speaks of is kept by the article that holds its label, and an old one is resolved (docs/decisions/0008).
    """

    ARTICLE_MEME = "article_meme"  # cle: a label's key; valeur {"avec": another label's key}
    ARTICLE_DIFFERENT = "article_different"  # cle: a label's key; valeur {"avec": another label's key}
    # cle: an article_id; valeur {"cles": [keys that leave it for an article of their own, or for that of the label "vers" when given]}
    ARTICLE_SCINDER = "article_scinder"
    ARTICLE_RENOMMER = "article_renommer"  # cle: an article_id; valeur {"libelle": its name}
    ARTICLE_UNITE = "article_unite"  # cle: an article_id; valeur {"unite": code of a unit}
    CONTENU = "contenu"  # cle: "libelle|unite|famille" folded; valeur {"quantite": "2500", "unite": "feuille"}
    FAMILLE_LIGNE = "famille_ligne"  # cle: empreinte of a line; valeur {"famille": code}
    FAMILLE_LIBELLE = "famille_libelle"  # cle: folded label; valeur {"famille": code}
    # cle: what lines must say, as one text; valeur {"famille": code, "libelle", "fournisseur", "compte", "de"} (analytics.regles_familles)
    FAMILLE_REGLE = "famille_regle"
    # The nomenclature itself (analytics.nomenclature); cle: code of a famille.
    FAMILLE_AJOUTER = "famille_ajouter"  # valeur {"libelle", "unite": code of a unit, "mots_cles": [words], "nature"}
    FAMILLE_RENOMMER = "famille_renommer"  # valeur {"libelle": its name}
    FAMILLE_MOTS = "famille_mots"  # valeur {"mots_cles": [words]}
    FAMILLE_UNITE = "famille_unite"  # valeur {"unite": code of a unit}
    FAMILLE_RETIRER = "famille_retirer"  # valeur {"dans": code of the famille that takes its lines, or « à classer »}
    FOURNISSEUR_MEME = "fournisseur_meme"  # cle: a fournisseur_id; valeur {"avec": another}
    FOURNISSEUR_DIFFERENT = "fournisseur_different"  # cle: a fournisseur_id; valeur {"avec": another}
    PRIX_INCLURE = "prix_inclure"  # cle: "article_id|membre|periode" or an empreinte; valeur {}
    PRIX_EXCLURE = "prix_exclure"  # same


@dataclass(frozen=True)
class Decision:
    """One decision of one person. Two decisions on the same `sujet` and `cle` (and `avec`): the later wins."""

    sujet: Sujet
    cle: str
    par: str
    le: datetime
    valeur: Mapping[str, Any] = field(default_factory=dict)
    motif: str = ""


def select(decisions: Iterable[Decision], *sujets: Sujet) -> Sequence[Decision]:
    """Those in force on these subjects, in the order of time; an overruled one is left out. Independent of the order given."""
    en_vigueur: dict[tuple[str, ...], Decision] = {}
    for decision in sorted((d for d in decisions if d.sujet in sujets), key=lambda d: (d.le, d.sujet, d.cle, repr(d.valeur), d.par)):
        en_vigueur[_objet(decision)] = decision
    return sorted(en_vigueur.values(), key=lambda d: (d.le, d.sujet, d.cle, repr(d.valeur), d.par))


_PAIRES = {
    Sujet.ARTICLE_MEME: "article",
    Sujet.ARTICLE_DIFFERENT: "article",
    Sujet.FOURNISSEUR_MEME: "fournisseur",
    Sujet.FOURNISSEUR_DIFFERENT: "fournisseur",
}


def _objet(decision: Decision) -> tuple[str, ...]:
    """What a decision overrules: « same » and « different » speak of one pair, in either order."""
    if decision.sujet in _PAIRES:
        return (_PAIRES[decision.sujet], *sorted((decision.cle, str(decision.valeur.get("avec", "")))))
    if decision.sujet in {Sujet.PRIX_INCLURE, Sujet.PRIX_EXCLURE}:
        return ("prix", decision.cle)
    if decision.sujet is Sujet.ARTICLE_SCINDER:
        return (decision.sujet, decision.cle, *sorted(map(str, decision.valeur.get("cles", ()))))
    return (decision.sujet, decision.cle)
