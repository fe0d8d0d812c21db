"""The cells that a profile does not try to read are cells that reading would not understand."""

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from ingest.identifiants import est_public
from ingest.profils import _JAMAIS_NOMBRE, _part_publique, _peut_etre_date, _peut_etre_siret
from ingest.valeurs import lire_nombre, lire_siret
from ingest.valeurs_dates import lire_date

TEXTES = st.text(alphabet="0123456789 .,/-:;()€%°'AEFHRTehrtjanvdimoulcs\u00a0\u202f", max_size=24)
SIRETS = st.from_regex(r"(?:FR ?[0-9A-Z]{2} ?)?[0-9]{3}[ .]?[0-9]{3}[ .]?[0-9]{3}(?: ?[0-9]{5})?(?:[.,]0)?", fullmatch=True)
JOURS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


def _chiffres(texte: str) -> int:
    return sum(lettre.isdigit() for lettre in texte)


@given(TEXTES | SIRETS)
@example("2,10E+13")
@example("fr 40 356000000")
@example("F.R. 40 356000000")
def test_a_text_left_aside_is_no_siret(texte: str) -> None:
    lu = lire_siret(texte)
    if not _peut_etre_siret(texte.strip(), _chiffres(texte)):
        assert lu.valeur is None
        assert lu.defaut != "scientifique"
    assert _part_publique([texte]) == est_public(lu.valeur or "")


@given(TEXTES)
@example("1 234,56 Euros TTC")
@example("1,5E+02 EUR H.T.")
def test_a_text_left_aside_is_no_number(texte: str) -> None:
    if _JAMAIS_NOMBRE.search(texte):
        assert lire_nombre(texte).valeur is None


@given(
    TEXTES
    | st.builds(
        lambda jour, forme: jour.strftime(forme),
        JOURS,
        st.sampled_from(["%d/%m/%y", "%b %Y", "%A %d %B %Y", "%b-%y", "%B. %y"]),
    )
)
@example("janv.25")
@example("lundi 3 mars 2025")
@example("sept. - 2024")
def test_a_text_left_aside_is_no_date(texte: str) -> None:
    texte = texte.strip()
    if not _peut_etre_date(texte, _chiffres(texte)):
        assert lire_date(texte).valeur is None
