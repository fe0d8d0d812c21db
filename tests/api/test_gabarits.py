"""What templates write is escaped exactly as Jinja would, only faster."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined, UndefinedError
from markupsafe import Markup, escape

from api.gabarits import EnvironnementRapide, echapper

GABARIT = """{% macro m(x) %}<b title="{{ x }}">{{ x }}</b>{% endmacro %}{% set y %}{{ v }}&amp;{% endset %}
<p>{{ v }}</p>{{ m(v) }}{{ y }}{% for x in [v, v ~ "<i>", 1, 2.5, none, true] %}{{ x }} {{ x|string|length }}{{ m(x) }}{% endfor %}"""


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.text().map(Markup)))
def test_a_value_is_escaped_as_markupsafe_does(valeur: object) -> None:
    assert str(echapper(valeur)) == str(escape(valeur))


@given(st.one_of(st.text(alphabet="a&<>'\" é"), st.text(alphabet="a&<").map(Markup)))
def test_a_template_gives_the_same_text(valeur: str) -> None:
    reglages = {"autoescape": True, "undefined": StrictUndefined}
    rapide, ordinaire = EnvironnementRapide(**reglages), Environment(**reglages)  # type: ignore[arg-type]
    assert rapide.from_string(GABARIT).render(v=valeur) == ordinaire.from_string(GABARIT).render(v=valeur)


def test_a_forgotten_variable_still_fails() -> None:
    rapide = EnvironnementRapide(autoescape=True, undefined=StrictUndefined)
    with pytest.raises(UndefinedError):
        rapide.from_string("{{ oubliee }}").render()
