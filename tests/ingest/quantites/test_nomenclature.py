"""Units are exact, known under their codes, and every famille has a unit in which it is compared."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.familles import familles
from ingest.quantites import convertir, unite_reference
from ingest.quantites.nomenclature import conditionnements_par_forme, unites, unites_par_forme

REC20 = Path(__file__).resolve().parents[3] / ".." / "shared" / "fixtures" / "units" / "unece_rec20" / "data" / "units-of-measure.csv"


def test_les_symboles_ne_designent_qu_une_unite() -> None:
    vues: dict[str, str] = {}
    for unite in unites().values():
        for forme in unite.formes:
            assert vues.setdefault(forme, unite.code) == unite.code, forme


@pytest.mark.parametrize(
    ("de", "vers", "facteur"), [("t", "kg", "1000"), ("hl", "l", "100"), ("m3", "l", "1000"), ("MWh", "kWh", "1000"), ("cl", "l", "0.01")]
)
def test_conversions_connues(de: str, vers: str, facteur: str) -> None:
    assert convertir(Decimal(1), de, vers) == Decimal(facteur)


@given(
    valeur=st.decimals(min_value="0.001", max_value="1000000", places=3),
    de=st.sampled_from(sorted(unites())),
    vers=st.sampled_from(sorted(unites())),
)
def test_aller_et_retour(valeur: Decimal, de: str, vers: str) -> None:
    if unites()[de].base != unites()[vers].base:
        with pytest.raises(ValueError, match="no base unit"):
            convertir(valeur, de, vers)
        return
    retour = convertir(convertir(valeur, de, vers), vers, de)
    assert abs(retour - valeur) <= valeur * Decimal("1e-20")


def test_chaque_famille_a_une_unite_de_calcul() -> None:
    for famille in familles():
        reference = unite_reference(famille.code)
        assert reference is not None, famille.code
        assert all(base in unites() and unites()[base].base == base for base in reference.unites_base)
        assert unites()[reference.unite].base in reference.unites_base
        assert reference.raison


def test_une_famille_inconnue_n_a_pas_d_unite() -> None:
    assert unite_reference("A_CLASSER") is None
    assert unite_reference(None) is None


def test_codes_de_facture_electronique() -> None:
    assert unites_par_forme()["kgm"].code == "kg"
    assert unites_par_forme()["h87"].code == "unite"
    assert conditionnements_par_forme()["xct"].code == "carton"
    assert conditionnements_par_forme()["xbx"].code == "boite"


@pytest.mark.skipif(not REC20.exists(), reason="the shared copy of UN/ECE Recommendation 20 is not here")
def test_codes_et_facteurs_sont_ceux_de_la_recommandation_20() -> None:
    with REC20.open(encoding="utf-8", newline="") as fichier:
        recommandation = {ligne["CommonCode"]: ligne for ligne in csv.DictReader(fichier)}
    exposants = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    verifiees = 0
    for unite in unites().values():
        for code in unite.rec20:
            if code in {"ACT", "NMP", "PTN", "DTN"}:
                continue
            assert code in recommandation, code
            facteur = recommandation[code]["ConversionFactor"].replace("\xa0", " ").strip()
            puissance = re.fullmatch(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+) (kg|m³|m|m²)", facteur)
            if puissance:
                attendu = Decimal(10) ** int(puissance.group(1).translate(exposants))
                base_si = {"kg": "kg", "m³": "m3", "m": "m", "m²": "m2"}[puissance.group(2)]
                assert unite.facteur / unites()[base_si].facteur == attendu, code
                verifiees += 1
    assert verifiees >= 8
