"""A slip finds the word of its famille, an abbreviation the only word it shortens; what could be two words is left as it is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.articles.corrections import learn_corrections
from analytics.articles.signature import Signature, mend, sign

PERFORATEURS = ["perforateur zingolux 2 trous", "perforateur zingolux 4 trous", "perforateur zingolux noir", "perforateur zingolux bleu"]


def signatures(*libelles: str, famille: str = "AD02") -> list[Signature]:
    return [sign(libelle, famille) for libelle in libelles]


def test_une_faute_rare_prend_le_mot_frequent_de_sa_famille() -> None:
    lues = signatures(*PERFORATEURS, "perforateur zingollux 2 trous grand")
    assert learn_corrections(lues)["AD02", "zingollux"] == "zingolux"
    assert [mot for mot, _ in mend(lues[-1], learn_corrections(lues)).mots].count("zingolux") == 1


def test_un_mot_aussi_frequent_que_son_voisin_n_est_pas_une_faute() -> None:
    lues = signatures(*PERFORATEURS, *(libelle.replace("zingolux", "zingollux") for libelle in PERFORATEURS))
    assert ("AD02", "zingollux") not in learn_corrections(lues)


def test_une_faute_ne_passe_pas_d_une_famille_a_l_autre() -> None:
    lues = [*signatures(*PERFORATEURS), *signatures("perforateur zingollux", famille="BA01")]
    assert ("BA01", "zingollux") not in learn_corrections(lues)


def test_une_abreviation_prend_le_seul_mot_qu_elle_abrege() -> None:
    lues = signatures("trombone zingolux", "trombone zing")
    assert learn_corrections(lues)["AD02", "zing"] == "zingolux"
    ambigue = signatures("trombone zingolux", "trombone zingatruc", "trombone zing")
    assert ("AD02", "zing") not in learn_corrections(ambigue)


def test_un_mot_du_metier_n_est_jamais_corrige() -> None:
    lues = signatures(*(f"classeur levier {n}" for n in range(9)), "classeurs blancs")
    assert ("AD02", "classeur") not in learn_corrections(lues)


@settings(deadline=None, max_examples=30)
@given(st.permutations([*PERFORATEURS, "perforateur zingollux 2 trous grand", "trombone zing", "trombone perfo"]))
def test_l_ordre_ne_change_rien(libelles: list[str]) -> None:
    assert learn_corrections(signatures(*libelles)) == learn_corrections(signatures(*sorted(libelles)))
