"""How templates become text: French spaces put in when one is loaded, what is written escaped without a new object for each piece."""

import re
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from markupsafe import Markup, escape

from api import formats

_A_ECHAPPER = re.compile("[&<>'\"]")
_SIGNE_HAUT = re.compile(r"(?<=[\w»)€%’\u00a0\"}]) ([;:?!»])(?=[\s<,.)]|$)")
_GUILLEMET = re.compile(r"« ")
_ELISION = re.compile(r"(?<=[A-Za-zÀ-ÿ])'(?=[A-Za-zÀ-ÿ«])")
_APRES_NOMBRE = re.compile(r"(?<=\d) (?=[%€])")
_A_COMPOSER = re.compile(r"'|« | [;:?!»%€]")
"""One of these at least, or there is nothing to set."""


def echapper(valeur: Any) -> str:
    """What `markupsafe.escape` gives, as a plain text when it is one: most of what a page holds has nothing to escape."""
    if type(valeur) is str:
        return valeur if _A_ECHAPPER.search(valeur) is None else str(escape(valeur))
    if type(valeur) in (int, float, Markup):
        return str(valeur)
    return escape(valeur)


class _Generateur(CodeGenerator):
    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if finalize.src is None and frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.echapper(")
        else:
            super()._output_child_pre(node, frame, finalize)


class EnvironnementRapide(Environment):
    """A Jinja environment whose templates call `echapper` where others call `escape`: the same text, in half the time."""

    code_generator_class = _Generateur
    echapper = staticmethod(echapper)


def typographier(texte: str) -> str:
    """The same text as French prints it: no-break spaces before « ; : ? ! % € » and inside guillemets, curly apostrophes."""
    if _A_COMPOSER.search(texte) is None:
        return texte
    colle = _APRES_NOMBRE.sub(formats.INSECABLE, _GUILLEMET.sub("«" + formats.INSECABLE, _ELISION.sub("’", texte)))
    return _SIGNE_HAUT.sub(lambda trouve: formats.INSECABLE + trouve.group(1), colle)


class EspacesInsecables(Extension):
    """Lets people edit templates with ordinary spaces: the no-break spaces of French are put in when a template is loaded."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Called by Jinja on each template's text; what stands inside `{% … %}` and `{{ … }}` is left alone."""
        morceaux = re.split(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})", source, flags=re.DOTALL)
        return "".join(morceau if rang % 2 else typographier_texte(morceau) for rang, morceau in enumerate(morceaux))


def typographier_texte(texte: str) -> str:
    """`typographier` for a piece of template, which may begin with the sign that ends an expression (`{{ n }} : …`)."""
    return re.sub(r"^ ([;:?!»])(?=[\s<]|$)", formats.INSECABLE + r"\1", typographier(texte))
