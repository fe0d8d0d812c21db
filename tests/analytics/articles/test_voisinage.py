"""What is computed for many keys at once is what the slow twins say of each pair; what a memory spares changes nothing."""

from itertools import combinations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.articles import rapprocher
from analytics.articles.rapprochement import Memoire, keep
from analytics.articles.regroupement import decide
from analytics.articles.similarite import Trait, contains, digest, disagree, exclude, forbid, score
from analytics.articles.voisinage import LIENS, Voisinage

POIDS = {
    "gant": 1.0,
    "nitrile": 1.0,
    "nitr": 0.9,
    "nitrlie": 0.9,
    "poudre": 0.25,
    "tenso": 0.2,
    "bleuet": 0.9,
    "machin": 0.9,
    "papier hygienique": 1.0,
}
VALEURS = {
    "taille": ["m", "l"],
    "couleur": ["bleu", "noir"],
    "memoire": ["16go", "16go+512go", "32go"],
    "bio": ["oui"],
    "fenetre": ["oui", "non"],
    "plis": ["2"],
}

traits = st.builds(
    Trait,
    st.dictionaries(st.sampled_from(sorted(VALEURS)), st.integers(0, 2)).map(
        lambda choix: {nom: VALEURS[nom][rang % len(VALEURS[nom])] for nom, rang in choix.items()}
    ),
    st.sets(st.sampled_from(sorted(POIDS))).map(lambda mots: {mot: POIDS[mot] for mot in sorted(mots)}),
    st.frozensets(st.sampled_from(["hx26", "k40", "500"])),
    st.dictionaries(st.just("aspect"), st.sampled_from(["mat", "satin"])),
    st.sampled_from(["EN08", "AD01"]),
    st.just(""),
    st.booleans(),
)
mondes = st.lists(traits, min_size=2, max_size=9).map(lambda liste: {f"cle{rang}": trait for rang, trait in enumerate(liste)})


@settings(deadline=None, max_examples=150)
@given(mondes, st.sampled_from([0.05, 0.42]))
def test_les_liens_sont_ceux_du_jumeau_lent(monde: dict[str, Trait], seuil: float) -> None:
    attendus = {
        (a, b): (score(monde[a], monde[b]), int(disagree(monde[a], monde[b])))
        for a, b in combinations(sorted(monde), 2)
        if forbid(monde[a], monde[b]) is None and score(monde[a], monde[b]) >= seuil + 1e-3
    }
    voisinage = Voisinage(monde)
    table = voisinage.link(seuil)
    lus = {(voisinage.cles[a], voisinage.cles[b]): (note, desaccord) for a, b, note, desaccord, *_ in table.iter_rows()}
    assert attendus.keys() <= lus.keys()
    assert all(lus[paire][0] <= seuil + 2e-3 for paire in lus.keys() - attendus.keys())
    for paire, (note, desaccord) in attendus.items():
        assert abs(lus[paire][0] - note) <= 2e-4
        assert lus[paire][1] == desaccord
    for rang_a, rang_b, dit_plus_a, dit_plus_b in table.select("a", "b", "plus_a", "plus_b").iter_rows():
        a, b = voisinage.cles[rang_a], voisinage.cles[rang_b]
        assert (dit_plus_a, dit_plus_b) == (not contains(monde[b], monde[a]), not contains(monde[a], monde[b]))


@settings(deadline=None, max_examples=80)
@given(mondes)
def test_les_exclusions_sont_celles_du_jumeau_lent(monde: dict[str, Trait]) -> None:
    voisinage = Voisinage(monde)
    paires = list(combinations(range(len(voisinage.cles)), 2))
    a, b = (np.array([paire[bout] for paire in paires]) for bout in (0, 1))
    attendues = [exclude(monde[voisinage.cles[x]], monde[voisinage.cles[y]]) for x, y in paires]
    assert voisinage.exclude(a, b).tolist() == attendues


@settings(deadline=None, max_examples=80)
@given(mondes, st.data())
def test_une_memoire_ne_change_pas_les_liens_surs(monde: dict[str, Trait], data: st.DataObject) -> None:
    """The memory may know keys that are gone, ignore keys that have come, and have understood others otherwise."""
    avant = {cle: trait for cle, trait in monde.items() if data.draw(st.booleans())}
    apres = {cle: trait for cle, trait in monde.items() if data.draw(st.booleans())}
    autrement = {cle for cle in sorted(avant) if data.draw(st.integers(0, 4)) == 0}
    avant |= {cle: Trait({}, {"machin": 0.9, "gant": 1.0}, frozenset(), {}, avant[cle].famille) for cle in autrement}
    jadis, maintenant = Voisinage(avant), Voisinage(apres)
    anciens = jadis.link(0.42)
    memoire = Memoire({cle: digest(trait) for cle, trait in avant.items()}, anciens, decide(jadis, anciens))
    connus, sont_neuves = keep({cle: digest(trait) for cle, trait in apres.items()}, memoire)
    liens = pl.concat([connus.gardes, maintenant.link(0.42, sont_neuves)]).sort("a", "b")
    assert liens.equals(maintenant.link(0.42))
    assert decide(maintenant, liens, connus).equals(decide(maintenant, liens))


@settings(deadline=None, max_examples=20)
@given(
    st.sets(
        st.sampled_from(["gants nitrile M", "gant nitrile T.M bleu", "GANT NITR M", "gants nitrile L", "gant latex M", "gants M vinyle"])
    )
)
def test_une_memoire_plus_large_ne_change_rien(restes: set[str]) -> None:
    """A withdrawn dépôt leaves no trace."""
    tous = ["gants nitrile M", "gant nitrile T.M bleu", "GANT NITR M", "gants nitrile L", "gant latex M", "gants M vinyle"]

    def monde(libelles: list[str]) -> pl.DataFrame:
        return pl.DataFrame({"libelle": libelles, "famille": ["EN08"] * len(libelles)}, schema={"libelle": pl.String, "famille": pl.String})

    memoire = rapprocher(monde(tous)).memoire
    avec, sans = rapprocher(monde(sorted(restes)), (), memoire), rapprocher(monde(sorted(restes)))
    assert avec.lignes.equals(sans.lignes)
    assert avec.questions == sans.questions


def test_une_memoire_vide_est_sans_effet() -> None:
    assert Memoire().liens.equals(pl.DataFrame(schema=LIENS))
