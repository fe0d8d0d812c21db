"""A SIREN makes one fournisseur; a name without number joins the only firm that bears it, never one of two firms of the same name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from analytics.decisions import Decision, Sujet, select
from analytics.fournisseurs.noms import find_contested, link_noms
from ingest.fournisseurs import normalise_nom

_CLES = ["fournisseur", "fournisseur_siret"]
_SCHEMA = dict.fromkeys((*_CLES, "fournisseur_id", "fournisseur_nom", "fournisseur_siren"), pl.String)


def rapprocher(lignes: pl.DataFrame, decisions: Sequence[Decision] = ()) -> pl.DataFrame:
    """Add `fournisseur_id`, `fournisseur_nom` (canonical) and `fournisseur_siren` to lines that have `fournisseur` and `fournisseur_siret`.

    `fournisseur_id` is « S<siren> » when a SIREN is known, else « N<normalised name> »; null when neither name nor number is given.
    Independent of the order of lines.
    """
    comptees = lignes.group_by(_CLES).agg(pl.len().alias("n")).sort(_CLES, nulls_last=True)
    rangees = [(nom, siret or None, n) for nom, siret, n in comptees.iter_rows()]
    identites = _identify(rangees)
    chefs = _apply_decisions(set(filter(None, identites)), decisions)
    noms: dict[str, Counter[str]] = defaultdict(Counter)
    for (nom, _, n), identite in zip(rangees, identites, strict=True):
        if identite and nom:
            noms[chefs[identite]][nom] += n
    resultat = []
    for (nom, siret, _), identite in zip(comptees.iter_rows(), identites, strict=True):
        chef = chefs[identite] if identite else None
        siren = chef[1:] if chef and chef.startswith("S") else None
        resultat.append((nom, siret, chef, _canonical(noms[chef]) if chef else None, siren))
    table = pl.DataFrame(resultat, schema=_SCHEMA, orient="row")
    return lignes.join(table, on=_CLES, how="left", nulls_equal=True, maintain_order="left")


def _identify(rangees: Sequence[tuple[str | None, str | None, int]]) -> list[str | None]:
    """Identity of each (name, SIRET): its SIREN, else what the name leads to."""
    sirens: dict[str, set[str]] = defaultdict(set)
    for nom, siret, _ in rangees:
        if nom and siret:
            sirens[normalise_nom(nom)].add(siret[:9])
    sans_numero = sorted({normalise_nom(nom) for nom, siret, _ in rangees if nom and not siret})
    par_nom = _resolve(sans_numero, sirens)
    return [f"S{siret[:9]}" if siret else par_nom.get(normalise_nom(nom)) if nom else None for nom, siret, _ in rangees]


def _resolve(sans_numero: Iterable[str], sirens: Mapping[str, set[str]]) -> dict[str, str]:
    """What each name without number stands for: the one firm of that very name, else the one firm of a near name, else itself."""
    sans_numero = list(sans_numero)
    contestes = find_contested(sorted({*sans_numero, *sirens}))
    identites = {}
    seuls = []
    for nom in sans_numero:
        connus = sirens.get(nom, set())
        if len(connus) == 1 and nom not in contestes:
            identites[nom] = f"S{next(iter(connus))}"
        elif connus or nom in contestes:
            identites[nom] = f"N{nom}"  # several firms bear this name: nobody can tell which
        else:
            seuls.append(nom)
    voisins = link_noms(seuls, sorted({*seuls, *sirens}))
    groupes: dict[str, str] = {}
    for nom in seuls:
        firmes = {siren for voisin in voisins[nom] for siren in sirens.get(voisin, ())}
        libres = [voisin for voisin in voisins[nom] if voisin not in sirens]
        if len(firmes) == 1:
            identites[nom] = f"S{next(iter(firmes))}"
        elif not firmes and libres:
            groupes[nom] = min([nom, *libres])
    for nom in seuls:
        if nom not in identites:
            chef = groupes.get(nom, nom)
            identites[nom] = identites.get(chef, f"N{groupes.get(chef, chef)}")
    return identites


def _apply_decisions(identites: set[str], decisions: Sequence[Decision]) -> dict[str, str]:
    """People's « same » join two identities under the first (a SIREN before a name); a later « different » undoes it."""
    chefs = {identite: identite for identite in identites}
    for decision in select(decisions, Sujet.FOURNISSEUR_MEME, Sujet.FOURNISSEUR_DIFFERENT):
        a, b = decision.cle, str(decision.valeur.get("avec", ""))
        if decision.sujet != Sujet.FOURNISSEUR_MEME or a not in chefs or b not in chefs:
            continue
        garde, cede = sorted((chefs[a], chefs[b]), key=lambda chef: (not chef.startswith("S"), chef))
        chefs = {identite: garde if chef == cede else chef for identite, chef in chefs.items()}
    return chefs


def _canonical(noms: Counter[str]) -> str | None:
    """The most frequent spelling, the first in the alphabet on equality."""
    return min(noms, key=lambda nom: (-noms[nom], nom)) if noms else None
