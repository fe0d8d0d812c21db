"""Labels are brought together whatever their order; features keep near twins apart; people's decisions are replayed."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.articles import Rapprochement, rapprocher
from analytics.decisions import Decision, Sujet, select

LIBELLES = [
    ("papier A4 80 g blanc, carton de 5 ramettes", "AD01"),
    ("RAMETTE PAPIER A4 80G BLANC 500F", "AD01"),
    ("PAP. A4 80 G BLC R/500F", "AD01"),
    ("papier A4 90 g blanc", "AD01"),
    ("papier A3 80 g blanc", "AD01"),
    ("papier A4 80 g recyclé", "AD01"),
    ("gants nitrile taille M boîte de 100", "EN08"),
    ("GANT NITRILE T.M B/100", "EN08"),
    ("gants nitrile taille L boîte de 100", "EN08"),
    ("eau de javel 2,6 % bidon 5 L", "EN01"),
    ("EAU DE JAVEL 2,6% CT 4X5L", "EN01"),
    ("pommes golden", "RE03"),
    ("pommes golden bio", "RE03"),
    ("chose jamais vue", "A_CLASSER"),
]
QUAND = datetime(2026, 3, 1, tzinfo=UTC)


def monde(libelles: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(libelles, schema={"libelle": pl.String, "famille": pl.String}, orient="row")


def articles(rapprochement: Rapprochement) -> dict[str, str]:
    return dict(rapprochement.lignes.select("libelle", "article_id").iter_rows())


def test_un_meme_article_sous_trois_ecritures_et_deux_conditionnements() -> None:
    par_libelle = articles(rapprocher(monde(LIBELLES)))
    assert len({par_libelle[libelle] for libelle, _ in LIBELLES[:3]}) == 1
    assert par_libelle["gants nitrile taille M boîte de 100"] == par_libelle["GANT NITRILE T.M B/100"]
    assert par_libelle["eau de javel 2,6 % bidon 5 L"] == par_libelle["EAU DE JAVEL 2,6% CT 4X5L"]


@pytest.mark.parametrize(("a", "b"), [(0, 3), (0, 4), (0, 5), (6, 8), (11, 12)])
def test_les_quasi_jumeaux_restent_deux(a: int, b: int) -> None:
    par_libelle = articles(rapprocher(monde(LIBELLES)))
    assert par_libelle[LIBELLES[a][0]] != par_libelle[LIBELLES[b][0]]


@pytest.mark.parametrize(
    ("famille", "a", "b"),
    [
        ("EN01", "détergent désinfectant surfaces", "détergent désinfectant contact alimentaire"),
        ("RE03", "pommes golden", "POMMES GOLDEN ISSUES DE L'AGRICULTURE BI"),
        ("AD03", "enveloppe DL 110x220 80 g", "enveloppe DL 110x220 80 g sans fenêtre"),
    ],
)
def test_ce_qui_decide_de_la_chose_n_est_jamais_suppose(famille: str, a: str, b: str) -> None:
    par_libelle = articles(rapprocher(monde([(a, famille), (b, famille)])))
    assert par_libelle[a] != par_libelle[b]


def test_une_ligne_sans_libelle_n_a_pas_d_article_et_le_dit() -> None:
    lignes = pl.DataFrame(
        {"libelle": [None, "papier A4 80 g"], "famille": ["AD01", "AD01"]}, schema={"libelle": pl.String, "famille": pl.String}
    )
    rapproche = rapprocher(lignes).lignes
    assert rapproche["article_id"].null_count() == 1
    assert rapproche["article_motif"].to_list()[0] == "la ligne n'a pas de libellé"


def test_un_monde_vide() -> None:
    vide = rapprocher(monde([]))
    assert vide.lignes.is_empty()
    assert vide.articles.is_empty()
    assert vide.questions == ()


@settings(deadline=None, max_examples=40)
@given(ordre=st.permutations(LIBELLES))
def test_l_ordre_des_lignes_ne_change_rien(ordre: list[tuple[str, str]]) -> None:
    temoin = rapprocher(monde(LIBELLES))
    autre = rapprocher(monde(ordre))
    assert autre.articles.equals(temoin.articles)
    assert articles(autre) == articles(temoin)
    assert autre.questions == temoin.questions


@settings(deadline=None, max_examples=40)
@given(premiers=st.sets(st.sampled_from(LIBELLES)))
def test_ajouter_apres_coup_donne_le_meme_resultat(premiers: set[tuple[str, str]]) -> None:
    """The memory of what came first saves time and changes nothing."""
    depart = rapprocher(monde(sorted(premiers)))
    suite = rapprocher(monde(LIBELLES), precedent=depart.memoire)
    temoin = rapprocher(monde(LIBELLES))
    assert articles(suite) == articles(temoin)
    assert suite.questions == temoin.questions


def test_rapprocher_deux_fois_est_rapprocher_une_fois() -> None:
    une = rapprocher(monde(LIBELLES))
    deux = rapprocher(une.lignes.select("libelle", "famille"))
    assert articles(une) == articles(deux)


def cle(rapprochement: Rapprochement, libelle: str) -> str:
    return str(rapprochement.lignes.filter(pl.col("libelle") == libelle)["cle_libelle"][0])


def test_une_decision_rapproche_se_rejoue_et_s_annule() -> None:
    seul = rapprocher(monde(LIBELLES))
    a, b = cle(seul, "pommes golden"), cle(seul, "pommes golden bio")
    meme = Decision(Sujet.ARTICLE_MEME, a, "animatrice", QUAND, {"avec": b}, "même producteur")
    decide = rapprocher(monde(LIBELLES), [meme])
    assert articles(decide)["pommes golden"] == articles(decide)["pommes golden bio"]
    assert articles(rapprocher(monde(LIBELLES[::-1]), [meme])) == articles(decide)
    assert articles(rapprocher(monde(LIBELLES))) == articles(seul)


def test_la_derniere_decision_sur_une_paire_l_emporte() -> None:
    seul = rapprocher(monde(LIBELLES))
    a, b = cle(seul, LIBELLES[0][0]), cle(seul, LIBELLES[3][0])
    meme = Decision(Sujet.ARTICLE_MEME, a, "x", QUAND, {"avec": b})
    different = Decision(Sujet.ARTICLE_DIFFERENT, b, "x", QUAND.replace(month=4), {"avec": a})
    assert [d.sujet for d in select([different, meme], Sujet.ARTICLE_MEME, Sujet.ARTICLE_DIFFERENT)] == [Sujet.ARTICLE_DIFFERENT]
    assert articles(rapprocher(monde(LIBELLES), [different, meme])) == articles(seul)


def test_scinder_et_renommer() -> None:
    libelles = [("gants nitrile taille M", "EN08"), ("gants nitrile taille M bleus", "EN08"), ("gants nitrile taille M noirs", "EN08")]
    avant = rapprocher(monde(libelles))
    noirs = cle(avant, libelles[2][0])
    apres = rapprocher(
        monde(libelles),
        [
            Decision(Sujet.ARTICLE_SCINDER, avant.lignes["article_id"][2], "x", QUAND, {"cles": [noirs]}),
            Decision(Sujet.ARTICLE_RENOMMER, noirs, "x", QUAND, {"libelle": "Gants noirs"}),
        ],
    )
    identifiants = apres.lignes["article_id"].to_list()
    assert identifiants[2] not in identifiants[:2]
    assert apres.lignes["article"].to_list()[2] == "Gants noirs"


def test_une_question_nomme_ce_qui_differe_et_n_est_pas_reposee() -> None:
    libelles = [("raccord laiton coude 18", "BA04"), ("raccord laiton bouchon 18", "BA04")]
    lignes = monde(libelles).with_columns(pl.Series("montant_ht", [100.0, 900.0]))
    demande = rapprocher(lignes)
    assert demande.lignes["article_id"].n_unique() == 2
    (question,) = demande.questions
    assert question.montant_ht == 100
    assert {question.cle, question.avec} == {cle(demande, libelle) for libelle, _ in libelles}
    assert question.differences == ()  # words are read in the labels
    reponse = Decision(Sujet.ARTICLE_DIFFERENT, question.cle, "x", QUAND, {"avec": question.avec})
    assert rapprocher(lignes, [reponse]).questions == ()


def test_une_reference_de_confiance_rapproche_et_une_abimee_non() -> None:
    libelles = [("cahier de brouillon ecole", "SC01"), ("bloc brouillon cahier", "SC01")]
    base = monde(libelles).with_columns(pl.lit("S123456789").alias("fournisseur_id"))
    fiable = rapprocher(base.with_columns(pl.lit("AB12345").alias("reference")))
    abimee = rapprocher(base.with_columns(pl.lit("2,10E+13").alias("reference")))
    assert fiable.lignes["article_id"].n_unique() == 1
    assert abimee.lignes["article_id"].n_unique() == rapprocher(base).lignes["article_id"].n_unique()
