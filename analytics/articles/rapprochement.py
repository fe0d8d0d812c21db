"""A catalogue of articles: one exact key first, then what is surely near, then a person; the order of lines never matters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.articles import gestes
from analytics.articles.bandes import Bande
from analytics.articles.catalogue import describe, first_dates, place
from analytics.articles.comprehension import find_cut, understand
from analytics.articles.identifiants import identify
from analytics.articles.prix_voisins import agree_on_price
from analytics.articles.questions import Poids, Question, ask
from analytics.articles.references import join_by_reference
from analytics.articles.regroupement import SEUIL_PROPOSITION, Assemblage, Connus, Lien, decide
from analytics.articles.signature import Signature, sign
from analytics.articles.similarite import digest
from analytics.articles.voisinage import LIENS, SURS, Voisinage
from analytics.decisions import Decision
from ingest.vocabulaire import FAMILLE_A_CLASSER

# A label of features alone (« E.M. enchevêtrés pliage Z 2 plis ») can be asked about, though not joined.
_ATTRIBUTS_MIN = 2


@dataclass(frozen=True)
class Memoire:
    """What a rapprochement learnt and the next can reuse: a digest of how each key was understood, links between keys, the sure ones.

    Links are between ranks of the keys in alphabetical order.
    """

    empreintes: Mapping[str, str] = field(default_factory=dict)
    liens: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LIENS))
    surs: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SURS))


@dataclass(frozen=True)
class Rapprochement:
    """`lignes`: the rows given, in order, with `cle_libelle`, `article_id`, `article` (its name), `bande`, `article_motif` (French).

    `articles`: `article_id, libelle, famille, unite_reference, attributs, nb_libelles`. `questions`: what a person may settle,
    most valuable first. `memoire` makes the next rapprochement quick when most labels are the same. `alias`: identifiers an article may
    have had or may be called by → its `article_id` (docs/decisions/0008).
    """

    lignes: pl.DataFrame
    articles: pl.DataFrame
    questions: tuple[Question, ...]
    memoire: Memoire = field(default_factory=Memoire)
    alias: Mapping[str, str] = field(default_factory=dict)


_FACULTATIVES = {
    "gtin": pl.String, "reference": pl.String, "fournisseur_id": pl.String, "contenu_unite": pl.String,
    "contenu_quantite": pl.Float64, "contenu_confiance": pl.Float64, "prix_unitaire_ht": pl.Float64,
    "nb_lignes": pl.Int64, "montant_ht": pl.Float64, "premiere_date": pl.Date,
}  # fmt: skip


def rapprocher(lignes_distinctes: pl.DataFrame, decisions: Sequence[Decision] = (), precedent: Memoire | None = None) -> Rapprochement:
    """Bring labels together. Needs `libelle` and `famille`; uses when present `gtin`, `reference`, `fournisseur_id`, `contenu_unite`,
    `nb_lignes`, `montant_ht`, `premiere_date` (of the first purchase; the oldest label names the article), `prix_unitaire_ht`,
    `contenu_quantite` and `contenu_confiance` (without them prices say nothing of names).

    A row without label has no article. The result is the same whatever the order of rows, and whether or not `precedent` (the memory of
    an earlier rapprochement) is given: it only saves time.
    """
    signatures, table = _sign_all(_complete(lignes_distinctes))
    parlantes = {
        cle: signature
        for cle, signature in signatures.items()
        if signature.famille != FAMILLE_A_CLASSER and (signature.mots or signature.codes or len(signature.attributs) >= _ATTRIBUTS_MIN)
    }
    coupees = find_cut(table)
    traits = understand(signatures, parlantes.keys(), coupees)
    traits_parlants = {cle: traits[cle] for cle in parlantes}
    empreintes = {cle: digest(trait) for cle, trait in traits_parlants.items()}
    voisinage = Voisinage(traits_parlants)
    connus, sont_neuves = keep(empreintes, precedent)
    liens = pl.concat([connus.gardes, voisinage.link(SEUIL_PROPOSITION, sont_neuves)]).sort("a", "b")
    surs = decide(voisinage, liens, connus if connus.gardes.height else None)
    dits = gestes.read(decisions)
    references = join_by_reference(traits_parlants, table.select("cle_libelle", "gtin", "fournisseur_id", "reference").unique().iter_rows())
    par_reference = [Lien(a, b, 1.0) for a, b in references]
    assemblage = Assemblage(traits, dits.differents)
    cles = voisinage.cles
    assemblage.join_alike([*(Lien(cles[a], cles[b], score) for a, b, score in surs.iter_rows()), *par_reference])
    assemblage.join_priced(agree_on_price(table, traits_parlants, liens, assemblage.read()))
    assemblage.join_said(dits.memes)
    entiers = assemblage.read()
    groupes = gestes.replay(entiers, dits)
    identifiants = identify(entiers, groupes, first_dates(table), decisions)
    articles = describe(table, signatures, groupes, identifiants, decisions)
    poids = {r["chef"]: Poids(r["libelle"], r["article_id"], r["nb_lignes"], r["montant_ht"]) for r in articles.iter_rows(named=True)}
    decidees = frozenset(frozenset(paire) for paire in (*dits.memes, *dits.differents, *gestes.part(entiers, groupes, dits)))
    questions = ask(traits_parlants, cles, liens, groupes, poids, decidees)
    jointes = frozenset(cle for lien in par_reference for cle in (lien.a, lien.b))
    lignes = place(table, groupes, articles, questions, gestes.say(dits), jointes, coupees)
    finales = [nom for nom in lignes.columns if nom not in _FACULTATIVES or nom in lignes_distinctes.columns]
    return Rapprochement(
        lignes.select(finales),
        articles.select("article_id", "libelle", "famille", "unite_reference", "attributs", "nb_libelles").sort("article_id"),
        questions,
        Memoire(empreintes, liens, surs),
        identifiants.alias,
    )


def _complete(lignes: pl.DataFrame) -> pl.DataFrame:
    absentes = [pl.lit(None, dtype=genre).alias(nom) for nom, genre in _FACULTATIVES.items() if nom not in lignes.columns]
    textes = [pl.col(nom).replace("", None) for nom in ("gtin", "reference", "fournisseur_id") if nom in lignes.columns]
    return lignes.with_columns(*textes, *absentes)


def _sign_all(table: pl.DataFrame) -> tuple[dict[str, Signature], pl.DataFrame]:
    """Signatures by key, and the table with `cle_libelle` (null without a label)."""
    distincts = table.select("libelle", "famille").unique()
    lues = [sign(libelle, famille or FAMILLE_A_CLASSER) if libelle else None for libelle, famille in distincts.iter_rows()]
    signatures: dict[str, Signature] = {}
    for signature in filter(None, lues):
        connue = signatures.setdefault(signature.cle, signature)
        # two labels of one key may not say it in the same order nor take the same sides: the choice is not theirs
        if (signature.oppositions, signature.bruts) < (connue.oppositions, connue.bruts):
            signatures[signature.cle] = signature
    cles = distincts.with_columns(pl.Series("cle_libelle", [s.cle if s else None for s in lues], dtype=pl.String))
    return dict(sorted(signatures.items())), table.join(
        cles, on=["libelle", "famille"], how="left", nulls_equal=True, maintain_order="left"
    )


def keep(empreintes: Mapping[str, str], precedent: Memoire | None) -> tuple[Connus, NDArray[np.bool_]]:
    """What the memory knows of links, in the ranks of today, and which keys are to be linked: a link depends on its two ends alone.

    A key understood otherwise than before (a word has become a brand, a slip has found its word) is new.
    """
    avant = {} if precedent is None else precedent.empreintes
    rangs = {cle: rang for rang, cle in enumerate(sorted(empreintes))}
    anciennes = sorted(avant)
    aujourd_hui = np.array([rangs.get(cle, -1) for cle in anciennes], dtype=np.int32)
    intactes = np.array([empreintes.get(cle) == avant[cle] for cle in anciennes], dtype=bool)
    sont_neuves = np.ones(len(rangs), dtype=bool)
    sont_neuves[aujourd_hui[intactes]] = False
    liens, surs = (pl.DataFrame(schema=LIENS), pl.DataFrame(schema=SURS)) if precedent is None else (precedent.liens, precedent.surs)
    gardes, perdus = _translate(liens, aujourd_hui, intactes)
    bouts = pl.concat([perdus["a"], perdus["b"]])
    return Connus(
        gardes.select(*LIENS), _translate(surs, aujourd_hui, intactes)[0].select(*SURS), bouts.filter(bouts >= 0).unique()
    ), sont_neuves


def _translate(liens: pl.DataFrame, aujourd_hui: NDArray[np.int32], intactes: NDArray[np.bool_]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Links between ranks of another day in those of today (-1: the key is gone): those whose two ends are intact, the others."""
    a, b = liens["a"].to_numpy(), liens["b"].to_numpy()
    situes = liens.with_columns(a=pl.Series(aujourd_hui[a], dtype=pl.Int32), b=pl.Series(aujourd_hui[b], dtype=pl.Int32))
    tiennent = pl.Series(intactes[a] & intactes[b], dtype=pl.Boolean)
    return situes.filter(tiennent), situes.filter(~tiennent)


__all__ = ["Bande", "Memoire", "Question", "Rapprochement", "rapprocher"]
