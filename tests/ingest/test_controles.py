"""The rules, and the shortcut that spares them: a line is never passed by one and blamed by the other."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.controles import regles, sain
from ingest.deductions import deduire
from ingest.schema import load_champs
from ingest.typage import typer
from ingest.vocabulaire import BaseTaxe

CELLULES = {
    "date": ["31/12/2025", "01/01/1999", "15/06/2105", "28/02/2027", None],
    "libelle": ["papier", "AVOIR papier", None],
    "fournisseur": ["Papeterie", None],
    "fournisseur_siret": ["35600000000048", None],
    "membre_siret": ["21160163800011", "21010034300016", None],
    "quantite": ["12", "-12", "0", "10", None],
    "prix_unitaire_ht": ["21,50", "0", "-21,50", None],
    "prix_unitaire_ttc": ["25,80", None],
    "montant_ht": ["258", "-258", "215", "2580", "0", None],
    "montant_ttc": ["309,60", "258", "-309,60", "0,01", None],
    "taux_tva": ["20", "5,5", "17", None],
    "remise": ["10", None],
    "type_piece": ["avoir", None],
}
lignes = st.lists(st.fixed_dictionaries({nom: st.sampled_from(choix) for nom, choix in CELLULES.items()}), min_size=1, max_size=15)


@settings(max_examples=200, deadline=None)
@given(
    lignes=lignes,
    base=st.sampled_from(BaseTaxe),
    recu_le=st.sampled_from([None, date(2026, 1, 15)]),
    acheteur=st.sampled_from([None, "211601638"]),
)
def test_the_shortcut_never_passes_a_line_that_a_rule_blames(
    lignes: list[dict[str, str | None]], base: BaseTaxe, recu_le: date | None, acheteur: str | None
) -> None:
    typees = deduire(_typer(lignes), base)
    blamees = typees.select(pl.any_horizontal([regle.condition.fill_null(False) for regle in regles(recu_le, acheteur)]).alias("b"))["b"]
    saines = typees.select(sain(recu_le, acheteur).alias("s"))["s"]
    assert saines.null_count() == 0
    assert not (saines & blamees).any()


@settings(max_examples=200, deadline=None)
@given(lignes=lignes, base=st.sampled_from(BaseTaxe))
def test_deductions_keep_signs_and_prices_positive(lignes: list[dict[str, str | None]], base: BaseTaxe) -> None:
    typees = deduire(_typer(lignes), base)
    assert typees.filter((pl.col("prix_unitaire_ht") < 0) | (pl.col("prix_unitaire_ttc") < 0)).is_empty()
    avoirs = typees.filter(pl.col("nature") == "avoir")
    assert avoirs.filter((pl.col("montant_ht") > 0) | (pl.col("montant_ttc") > 0) | (pl.col("quantite") > 0)).is_empty()
    achats = typees.filter(pl.col("nature") != "avoir")
    assert achats.filter((pl.col("montant_ht") < 0) | (pl.col("quantite") < 0)).is_empty()


def _typer(lignes: list[dict[str, str | None]]) -> pl.DataFrame:
    textes = pl.DataFrame(lignes, schema=dict.fromkeys(CELLULES, pl.String))
    colonnes = []
    for champ in load_champs():
        texte = textes[champ.nom] if champ.nom in textes.columns else pl.Series(champ.nom, [None] * len(lignes), dtype=pl.String)
        colonnes.append(typer(texte, champ).valeurs)
    return pl.DataFrame(colonnes).with_columns(
        *(
            pl.lit(None, pl.String).alias(f"_defaut_{nom}")
            for nom in ("date", "quantite", "prix_unitaire_ht", "prix_unitaire_ttc", "montant_ht", "montant_ttc")
        ),
        (pl.col("montant_ht").is_not_null() & pl.col("montant_ttc").is_not_null()).alias("_ht_et_ttc_lus"),
    )
