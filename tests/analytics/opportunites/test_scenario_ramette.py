"""The scenario of the ramette (notes de domaine §8), to the cent, through the production path."""

from datetime import date
from decimal import Decimal

import duckdb

from analytics.groupement.repartition import Cle
from analytics.opportunites import Assiette, Hypotheses, Opportunite, classer
from analytics.portee import Portee
from analytics.procedures import Genre, procedure

AU = date(2026, 11, 22)
CLUB = Portee(None, frozenset(), tout=True)
ANGOULEME = "211600150"
SANS_PROCEDURE = {"dispense": Decimal(0), "adaptee": Decimal(0), "formalisee": Decimal(0)}


def evaluate(cursor: duckdb.DuckDBPyConnection, **hypotheses: object) -> Opportunite:
    supposees = Hypotheses(
        **{
            "prix_groupes": {"A1": Decimal("3.45")},
            "frais_annuels_ht": Decimal(2400),
            "couts_procedure": SANS_PROCEDURE,
            "marge_maximum": Decimal("0.30"),
            **hypotheses,
        }  # type: ignore[arg-type]
    )
    (seule,) = classer(cursor, AU, 48, supposees, portee=CLUB)
    return seule


def part(opportunite: Opportunite, siren: str = ANGOULEME):  # type: ignore[no-untyped-def]
    return next(p for p in opportunite.membres if p.siren == siren)


def test_spend_and_gross_gain(ramettes: duckdb.DuckDBPyConnection) -> None:
    trouvee = evaluate(ramettes)
    assert trouvee.depense_annuelle_ht == Decimal("46106.30")
    assert trouvee.gain.brut_central == Decimal("4395.80")
    assert sum(p.gain_brut for p in trouvee.membres) == Decimal("4395.80")


def test_weighted_mean_is_not_the_median(ramettes: duckdb.DuckDBPyConnection) -> None:
    ((mediane, moyenne),) = ramettes.sql("select mediane, moyenne_ponderee from distributions").fetchall()
    assert (mediane, round(moyenne, 2)) == (4.315, 3.81)


def test_angouleme_loses_and_bears_most_of_the_costs(ramettes: duckdb.DuckDBPyConnection) -> None:
    perdante = part(evaluate(ramettes))
    assert (perdante.gain_brut, perdante.frais, perdante.gain_net) == (Decimal("-156.00"), Decimal("1032.26"), Decimal("-1188.26"))
    assert perdante.perd
    assert "Perdrait" in perdante.phrase


def test_the_base_of_the_key_changes_who_pays(ramettes: duckdb.DuckDBPyConnection) -> None:
    assert part(evaluate(ramettes, assiette=Assiette.PAYE)).frais == Decimal("925.72")
    assert part(evaluate(ramettes, cle=Cle.EGALITE)).frais == Decimal("150.00")


def test_every_key_shares_the_costs_to_the_cent(ramettes: duckdb.DuckDBPyConnection) -> None:
    for cle in Cle:
        trouvee = evaluate(ramettes, cle=cle, frais_annuels_ht=Decimal("2400.01"))
        attendu = Decimal(0) if cle is Cle.GRATUITE else Decimal("2400.01")
        assert sum(p.frais for p in trouvee.membres) == attendu
        assert trouvee.gain.net_central == Decimal("4395.80") - Decimal("2400.01")


def test_paper_alone_is_not_worth_it(ramettes: duckdb.DuckDBPyConnection) -> None:
    trouvee = evaluate(ramettes)
    assert any("grouper cette famille seule ne vaut pas la peine" in remarque for remarque in trouvee.remarques)
    assert any("55\u00a0%" in remarque for remarque in trouvee.remarques)


def test_the_maximum_decides_of_the_procedure(ramettes: duckdb.DuckDBPyConnection) -> None:
    trouvee = evaluate(ramettes)
    assert trouvee.montant_estime_ht == Decimal("166842.00")
    assert trouvee.maximum_ht == Decimal("216894.60")
    assert trouvee.procedure.genre is Genre.FORMALISEE
    assert trouvee.procedure.cao
    assert trouvee.procedure.controle_legalite
    assert any("C’est le maximum" in alerte.phrase for alerte in trouvee.procedure.alertes)
    sans_marge = evaluate(ramettes, marge_maximum=Decimal(0)).procedure
    assert (sans_marge.genre, sans_marge.cao, sans_marge.controle_legalite) == (Genre.ADAPTEE, False, False)
    assert sans_marge.publicite == "BOAMP ou journal d’annonces légales"


def test_alone_only_angouleme_would_need_a_procedure(ramettes: duckdb.DuckDBPyConnection) -> None:
    seules = {p.siren: procedure(p.depense_actuelle * 4, "fournitures", AU).genre for p in evaluate(ramettes).membres}
    assert seules.pop(ANGOULEME) is Genre.ADAPTEE
    assert set(seules.values()) == {Genre.DISPENSE}
    assert part(evaluate(ramettes)).depense_actuelle * 4 == Decimal("71136.00")
