"""Ranking, intervals, exclusions, and what a reader may not see."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from analytics import diffusion
from analytics.groupement.repartition import Cle
from analytics.opportunites import Hypotheses, classer
from analytics.opportunites.modele import Effet, Marque
from analytics.portee import Portee
from ingest.erreurs import Refus

AU = date(2026, 11, 22)
CLUB = Portee(None, frozenset(), tout=True)
TOUVRE = "211603857"


def test_without_a_given_price_those_above_the_first_quartile_come_to_it(ramettes: duckdb.DuckDBPyConnection) -> None:
    (trouvee,) = classer(ramettes, AU, 48, portee=CLUB)
    lus = ramettes.sql("select quantite_reference, prix_unitaire_ht from prix_membres").fetchall()
    # boring twin: type 7 quartile of the sixteen prices is 3,9325 and the median 4,315
    attendu = sum(q * max(Decimal(0), p - Decimal("3.9325")) for q, p in lus)
    bas = sum(q * max(Decimal(0), p - Decimal("4.315")) for q, p in lus)
    # each membre's part is rounded to the cent, so the sum may differ by half a cent per membre
    assert abs(trouvee.gain.brut_central - attendu) <= Decimal("0.08")
    assert abs(trouvee.gain.brut_bas - bas) <= Decimal("0.01")
    assert trouvee.gain.brut_haut == trouvee.gain.brut_central
    assert trouvee.gain.brut_central == sum(p.gain_brut for p in trouvee.membres)
    assert "premier quartile" in trouvee.gain.hypothese
    angouleme = next(p for p in trouvee.membres if p.nom == "Angoulême")
    assert angouleme.gain_brut == 0
    assert angouleme.perd is (angouleme.frais > angouleme.evite)


def test_a_volume_effect_counts_only_when_measured(ramettes: duckdb.DuckDBPyConnection) -> None:
    flou = Hypotheses(effets={"AD01": Effet(Decimal("-0.10"), Decimal("-0.25"), Decimal("0.05"))})
    net = Hypotheses(effets={"AD01": Effet(Decimal("-0.10"), Decimal("-0.12"), Decimal("-0.08"))})
    (sans,) = classer(ramettes, AU, 48, flou, portee=CLUB)
    (avec,) = classer(ramettes, AU, 48, net, portee=CLUB)
    assert sans.gain.brut_haut == sans.gain.brut_central
    assert avec.gain.brut_haut > avec.gain.brut_central
    assert "effet du volume mesuré" in avec.gain.hypothese


def test_the_prudent_end_of_the_effect_ranks_and_its_centre_makes_the_top(ramettes: duckdb.DuckDBPyConnection) -> None:
    faible = Hypotheses(effets={"AD01": Effet(Decimal("-0.10"), Decimal("-0.199"), Decimal("-0.001"))})
    (avec,) = classer(ramettes, AU, 48, faible, portee=CLUB)
    # boring twin: weighted mean price × (largest volume / weighted mean volume) ^ effect, never above the first quartile
    lus = [(float(q), float(p)) for q, p in ramettes.sql("select quantite_reference, prix_unitaire_ht from prix_membres").fetchall()]
    total = sum(q for q, _ in lus)
    rapport = max(q for q, _ in lus) / (sum(q * q for q, _ in lus) / total)
    moyenne = sum(q * p for q, p in lus) / total
    for effet, gain in ((-0.001, avec.gain.brut_central), (-0.10, avec.gain.brut_haut)):
        prix = min(3.9325, moyenne * rapport**effet)
        assert abs(float(gain) - sum(q * max(0.0, p - prix) for q, p in lus)) < 0.2
    assert avec.gain.brut_central == sum(p.gain_brut for p in avec.membres)


def test_what_a_syndicat_already_sells_is_to_be_compared_first(ramettes: duckdb.DuckDBPyConnection) -> None:
    ramettes.execute("update familles set code = 'ER01'")
    ramettes.execute("update besoins set famille = 'ER01'")
    (electricite,) = classer(ramettes, AU, 48, portee=CLUB)
    assert "syndicat d’énergie, à comparer d’abord" in electricite.faisabilite.phrase


def test_below_two_fournisseurs_no_gain_is_computed(ramettes: duckdb.DuckDBPyConnection) -> None:
    ramettes.execute("update distributions set nb_fournisseurs = 1")
    (trouvee,) = classer(ramettes, AU, 48, portee=CLUB)
    assert trouvee.gain.nb_articles == 0
    assert trouvee.gain.part_couverte == 0
    assert "ne peut pas être calculé" in trouvee.gain.phrase


def test_travaux_monopolies_and_single_buyers_are_set_aside(ramettes: duckdb.DuckDBPyConnection) -> None:
    for famille, nature, groupement in (("VO06", "travaux", "fort"), ("ER08", "services", "nul"), ("CR03", "fournitures", "fort")):
        ramettes.execute("insert into familles values (?, ?, 'unite', ?, ?, '')", [famille, famille, nature, groupement])
        membres = [TOUVRE] if famille == "CR03" else [TOUVRE, "211601877", "211600150"]
        for siren in membres:
            ramettes.execute("insert into besoins values (?, ?, null, null, null, 5000, 1)", [siren, famille])
    classees = {o.code: o for o in classer(ramettes, AU, 48, portee=CLUB)}
    assert "opération" in classees["VO06"].ecartee
    assert classees["VO06"].procedure is None
    assert "monopole" in classees["ER08"].ecartee
    assert "Un seul membre" in classees["CR03"].ecartee
    assert [o.ecartee is None for o in classer(ramettes, AU, 48, portee=CLUB)] == [True, False, False, False]


def test_a_set_of_familles_is_ranked_beside_its_parts(ramettes: duckdb.DuckDBPyConnection) -> None:
    ramettes.execute("insert into familles values ('AD02', 'Petites fournitures', 'unite', 'fournitures', 'fort', '')")
    for siren, _ in ramettes.sql("select siren, nom from membres").fetchall():
        ramettes.execute("insert into besoins values (?, 'AD02', null, null, null, 1500, 4)", [siren])
    classees = {o.code: o for o in classer(ramettes, AU, 48, portee=CLUB)}
    assert set(classees) == {"AD01", "AD02", "AD01+AD02"}
    assert classees["AD01+AD02"].depense_annuelle_ht == Decimal("46106.30") + 16 * 1500
    assert classees["AD01+AD02"].procedure.montant_compte_ht == (Decimal("46106.30") + 24000) * 4 * Decimal("1.3")


def test_ranks_are_lexicographic_and_the_club_may_override_with_a_reason(ramettes: duckdb.DuckDBPyConnection) -> None:
    ramettes.execute("insert into familles values ('AD02', 'Petites fournitures', 'unite', 'fournitures', 'fort', '')")
    for siren, _ in ramettes.sql("select siren, nom from membres").fetchall():
        ramettes.execute("insert into besoins values (?, 'AD02', null, null, null, 1500, 4)", [siren])
    marques = {("AD02", "potentiel"): Marque(1, "engagement du président")}
    (premiere, *_) = classer(ramettes, AU, 48, Hypotheses(marques=marques, ensembles=()), portee=CLUB)
    assert premiere.code == "AD02"
    assert premiere.potentiel.par_le_club
    assert "engagement du président" in premiere.potentiel.phrase
    assert "note calculée : 3" in premiere.potentiel.phrase


def test_a_commune_sees_only_its_own_part(ramettes: duckdb.DuckDBPyConnection) -> None:
    (trouvee,) = classer(ramettes, AU, 48, portee=Portee(TOUVRE, frozenset({TOUVRE})))
    montrees = [p for p in trouvee.membres if p.gain_net is not None]
    assert [p.siren for p in montrees] == [TOUVRE]
    cachees = [p for p in trouvee.membres if p.gain_net is None]
    assert len(cachees) == 15
    assert all(p.motif_absence and p.depense_actuelle is None and p.perd is None for p in cachees)
    assert [p.nom for p in cachees] == sorted(p.nom for p in cachees)


def test_a_reader_who_knows_all_but_one_is_not_given_a_total_to_subtract_from(ramettes: duckdb.DuckDBPyConnection) -> None:
    tous = {siren for (siren,) in ramettes.sql("select siren from membres").fetchall()}
    assert classer(ramettes, AU, 48, portee=Portee(None, frozenset(tous - {"211600150"}))) == ()
    (trouvee,) = classer(ramettes, AU, 48, portee=Portee(None, frozenset(tous - {"211603584", "211603741"})))
    assert {p.nom for p in trouvee.membres if p.gain_net is None} == {"Saint-Yrieix-sur-Charente", "Soyaux"}


def test_when_one_unknown_membre_is_nearly_all_the_rest_nothing_is_given(ramettes: duckdb.DuckDBPyConnection) -> None:
    tous = {siren for (siren,) in ramettes.sql("select siren from membres").fetchall()}
    assert classer(ramettes, AU, 48, portee=Portee(None, frozenset(tous - {"211600150", TOUVRE}))) == ()


def test_a_famille_in_consultation_is_locked(ramettes: duckdb.DuckDBPyConnection) -> None:
    verrou = Portee(TOUVRE, frozenset({TOUVRE}), familles_verrouillees=frozenset({"AD01"}))
    assert classer(ramettes, AU, 48, portee=verrou) == ()


def test_totals_are_rounded_for_a_reader_and_exact_for_the_batch(ramettes: duckdb.DuckDBPyConnection) -> None:
    (vue,) = classer(ramettes, AU, 48, portee=Portee(TOUVRE, frozenset({TOUVRE})))
    chiffres = diffusion.regles(AU).chiffres_totaux
    assert vue.depense_annuelle_ht == diffusion.arrondir(Decimal("46106.30"), chiffres) != Decimal("46106.30")
    assert vue.montant_estime_ht == diffusion.arrondir(Decimal("184425.20"), chiffres) != Decimal("184425.20")
    assert "184 425" not in "".join(m.phrase.replace("\u202f", " ") for m in vue.procedure.motifs)
    (entiere,) = classer(ramettes, AU, 48, portee=CLUB)
    assert entiere.montant_estime_ht == Decimal("184425.20")


def test_the_effect_measured_in_the_observatoire_is_used_by_default(ramettes: duckdb.DuckDBPyConnection) -> None:
    ramettes.execute("insert into effets_volume values ('AD01', -0.1, -0.12, -0.08, true, 40, 16, 1, null)")
    (avec,) = classer(ramettes, AU, 48, portee=CLUB)
    assert avec.gain.brut_haut > avec.gain.brut_central


def test_with_two_membres_only_the_club_batch_sees_the_totals(ramettes: duckdb.DuckDBPyConnection) -> None:
    ramettes.execute("delete from besoins where membre not in ('211603857', '211601877')")
    assert classer(ramettes, AU, 48, portee=Portee(TOUVRE, frozenset({TOUVRE}))) == ()
    assert len(classer(ramettes, AU, 48, portee=CLUB)) == 1


def test_private_alert_over_the_dispense_is_for_the_reader_alone(ramettes: duckdb.DuckDBPyConnection) -> None:
    ramettes.execute("update besoins set montant_annuel_ht = 61000 where membre = '211603857'")
    (sienne,) = classer(ramettes, AU, 48, portee=Portee(TOUVRE, frozenset({TOUVRE})))
    (autre,) = classer(ramettes, AU, 48, portee=Portee("211601877", frozenset({"211601877"})))
    assert len(sienne.alertes_membre) == 1
    assert "fractionnement" in sienne.alertes_membre[0]
    assert autre.alertes_membre == ()


@pytest.mark.parametrize("cle", list(Cle))
def test_a_famille_without_quantities_does_not_stop_the_ranking(ramettes: duckdb.DuckDBPyConnection, cle: Cle) -> None:
    ramettes.execute("insert into familles values ('AD02', 'Petites fournitures', 'unite', 'fournitures', 'fort', '')")
    ramettes.execute("insert into membres values ('269900155', 'CCAS', 'ccas', '', null)")
    for siren in ("269900155", "269900156", "269900157"):
        ramettes.execute("insert into besoins values (?, 'AD02', null, null, null, 1500, 4)", [siren])
    classees = {o.code: o for o in classer(ramettes, AU, 48, Hypotheses(cle=cle), portee=CLUB)}
    assert ("faute d’assiette" in classees["AD02"].gain.hypothese) is (cle in (Cle.UNITAIRE, Cle.PRORATA_POP))
    assert "faute d’assiette" not in classees["AD01"].gain.hypothese


def test_an_empty_observatoire_gives_no_opportunite(ramettes: duckdb.DuckDBPyConnection) -> None:
    ramettes.execute("delete from besoins")
    assert classer(ramettes, AU, 48, portee=CLUB) == ()


def test_a_duration_below_one_month_is_refused(ramettes: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(Refus, match="au moins un mois"):
        classer(ramettes, AU, 0, portee=CLUB)
