"""Write the blocks of an act as HTML for the preview: plain semantic elements, everything escaped, no style of its own."""

from collections.abc import Sequence
from html import escape

from analytics.actes.blocs import Bloc, Liste, Morceau, Paragraphe, Saut, Tableau, Titre, montrer
from analytics.actes.mention import Mention


def ecrire_html(blocs: Sequence[Bloc], mention: Mention) -> str:
    """An `<article>` ready to stand in a page; blanks are `<mark>`; the title of the act is level 2, under that of the page."""
    corps = "\n".join(_block(bloc) for bloc in blocs)
    return f'<article class="acte" lang="fr">\n{corps}\n<footer><p>{escape(mention.preuve)}</p></footer>\n</article>\n'


def _block(bloc: Bloc) -> str:
    if isinstance(bloc, Titre):
        return f"<h{bloc.niveau + 1}>{_runs(bloc.morceaux)}</h{bloc.niveau + 1}>"
    if isinstance(bloc, Paragraphe):
        return f"<p>{_runs(bloc.morceaux)}</p>"
    if isinstance(bloc, Liste):
        balise = "ol" if bloc.ordonnee else "ul"
        return f"<{balise}>{''.join(f'<li>{_runs(element)}</li>' for element in bloc.elements)}</{balise}>"
    if isinstance(bloc, Tableau):
        return _table(bloc)
    if isinstance(bloc, Saut):
        return "<hr>"
    raise TypeError(bloc)


def _table(tableau: Tableau) -> str:
    entete = "".join(f'<th scope="col"{_align(droite)}>{_runs(c)}</th>' for c, droite in zip(tableau.entete, tableau.a_droite, strict=True))
    lignes = "".join(
        "<tr>" + "".join(f"<td{_align(droite)}>{_runs(c)}</td>" for c, droite in zip(ligne, tableau.a_droite, strict=True)) + "</tr>"
        for ligne in tableau.lignes
    )
    return f"<table><thead><tr>{entete}</tr></thead><tbody>{lignes}</tbody></table>"


def _align(droite: bool) -> str:
    return ' class="nombre"' if droite else ""


def _runs(morceaux: Sequence[Morceau]) -> str:
    sortie = ""
    for morceau in morceaux:
        texte = escape(montrer(morceau), quote=False)
        if morceau.blanc:
            texte = f"<mark>{texte}</mark>"
        if morceau.italique:
            texte = f"<em>{texte}</em>"
        if morceau.gras:
            texte = f"<strong>{texte}</strong>"
        sortie += texte
    return sortie
