"""The workbook of the observatoire: my position, prices, needs, moves of prices, with native charts and their method."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import polars as pl
import xlsxwriter

from analytics import diffusion
from analytics.besoins import besoins_membre
from analytics.entrepot import version
from analytics.exports.exporter import table_observatoire
from analytics.exports.formats import SANS_FORMULE, Source, feuille_sources, imprimer, nom_unite, remplir_feuille
from analytics.indicateurs import indicateurs
from analytics.indices import TOUTES, indice_famille
from analytics.portee import Portee
from analytics.prix import MOTIFS, Positions, niveau_famille, positions

ARTICLES_MONTRES = 20


def classeur_observatoire(curseur: duckdb.DuckDBPyConnection, portee: Portee, chemin: Path, periode: str = diffusion.ENSEMBLE) -> None:
    """Write the workbook at `chemin`, whole or not at all: only what this reader may see.

    Sheets: « Ma position » and « Mes besoins » (when she speaks for a membre), « Prix des membres »,
    « Niveau des familles », « Évolution », « Sources et méthode ».
    """
    chemin.parent.mkdir(parents=True, exist_ok=True)
    provisoire = chemin.with_name(f"{chemin.name}.{uuid4().hex}.part")
    try:
        with xlsxwriter.Workbook(str(provisoire), SANS_FORMULE) as classeur:
            classeur.set_properties({"title": "Observatoire des prix", "comments": "Données confidentielles du club d'acheteurs"})
            if portee.membre is not None:
                _position(classeur, positions(curseur, periode, portee))
                _besoins(classeur, curseur, portee, portee.membre)
            _prix(classeur, curseur, portee, periode)
            _niveaux(classeur, curseur, portee, periode)
            _evolution(classeur, curseur, portee)
            feuille_sources(classeur, Source("observatoire des prix", version(curseur)), _methodes())
        provisoire.replace(chemin)
    finally:
        provisoire.unlink(missing_ok=True)


def _position(classeur: Any, toutes: Positions) -> None:
    lignes = sorted(toutes.lignes, key=lambda ligne: (-(ligne.ecart_q1_an.valeur or 0), ligne.libelle))
    table = pl.DataFrame(
        [
            {
                "article": ligne.libelle,
                "famille": ligne.famille,
                "unité": nom_unite(ligne.unite),
                "mon prix HT": _nombre(ligne.prix_unitaire_ht.valeur),
                "premier quartile HT": _nombre(ligne.distribution.q1.valeur) if ligne.distribution else None,
                "médiane HT": _nombre(ligne.distribution.mediane.valeur) if ligne.distribution else None,
                "quantité par an": _nombre(ligne.quantite_annuelle.valeur),
                "écart à la médiane, € par an": _nombre(ligne.ecart_mediane_an.valeur),
                "écart au premier quartile, € par an": _nombre(ligne.ecart_q1_an.valeur),
                "membres comparés": ligne.distribution.effectif.nb_membres if ligne.distribution else 0,
                "pourquoi pas de chiffre": ligne.ecart_mediane_an.motif_absence,
                "mon prix est à part": MOTIFS.get(ligne.motif_hors_prix or ""),
            }
            for ligne in lignes
        ],
        schema=_POSITION,
    )
    feuille = remplir_feuille(classeur, "Ma position", table, FORMATS_POSITION)
    gras = classeur.add_format({"bold": True, "top": 1, "num_format": "#,##0"})
    pied = table.height + 1
    feuille.write_string(pied, 0, "Total", gras)
    for colonne, total in ((7, toutes.total_mediane_an), (8, toutes.total_q1_an)):
        lettre = "ABCDEFGHIJKL"[colonne]
        somme = f"=SUM({lettre}2:{lettre}{max(2, table.height + 1)})"
        feuille.write_formula(pied, colonne, somme, gras, float(total))
    montrees = [ligne for ligne in lignes if (ligne.ecart_q1_an.valeur or 0) > 0][:ARTICLES_MONTRES]
    if montrees:
        graphique = classeur.add_chart({"type": "bar"})
        n = len(montrees)
        graphique.add_series(
            {
                "name": "Écart au premier quartile",
                "categories": ["Ma position", 1, 0, n, 0],
                "values": ["Ma position", 1, 8, n, 8],
                "fill": {"color": "#4a4a4a"},
                "data_labels": {"value": True, "num_format": '# ##0 "€"'},
            }
        )
        graphique.set_title({"name": "Ce que coûte l'écart au premier quartile, € par an", "name_font": {"size": 12}})
        graphique.set_legend({"none": True})
        graphique.set_y_axis({"reverse": True})
        graphique.set_x_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#dddddd"}}})
        graphique.set_size({"width": 900, "height": 120 + 26 * n})
        feuille_graphique(classeur, "Mes écarts", graphique)


def _prix(classeur: Any, curseur: duckdb.DuckDBPyConnection, portee: Portee, periode: str) -> None:
    table = table_observatoire(curseur, portee).filter(pl.col("periode") == periode)
    table = (
        table.sort(pl.col("mediane").is_null(), -pl.col("nb_membres"), "article")
        .drop("article_id")
        .with_columns(_nommer("unite_reference"))
    )
    remplir_feuille(classeur, "Prix des membres", table.rename(_TITRES_PRIX), FORMATS_PRIX)
    montres = table.filter(pl.col("q1").is_not_null()).height
    n = min(montres, ARTICLES_MONTRES)
    if not n:
        return
    # prices of different articles share no scale: each is drawn relative to its own median
    relatifs = table.head(n).select(
        pl.col("article").str.slice(0, 32),
        (pl.col("q1") / pl.col("mediane") * 100).round(1).alias("premier quartile (médiane = 100)"),
        pl.lit(100.0).alias("médiane"),
        (pl.col("q3") / pl.col("mediane") * 100).round(1).alias("troisième quartile (médiane = 100)"),
    )
    remplir_feuille(classeur, "Dispersion", relatifs, {})
    graphique = classeur.add_chart({"type": "line"})
    for colonne, marque in ((1, "triangle"), (2, "diamond"), (3, "square")):
        graphique.add_series(
            {
                "name": ["Dispersion", 0, colonne],
                "categories": ["Dispersion", 1, 0, n, 0],
                "values": ["Dispersion", 1, colonne, n, colonne],
                "line": {"none": True},
                "marker": {"type": marque, "size": 7, "fill": {"color": "#333333"}, "border": {"color": "#333333"}},
            }
        )
    graphique.set_high_low_lines({"line": {"color": "#888888"}})
    graphique.set_title({"name": "Dispersion des prix autour de la médiane", "name_font": {"size": 12}})
    graphique.set_legend({"position": "bottom"})
    creux = relatifs["premier quartile (médiane = 100)"].min()
    graphique.set_y_axis(
        {"num_format": "0", "min": _dizaine(creux, -1), "major_gridlines": {"visible": True, "line": {"color": "#dddddd"}}}
    )
    graphique.set_x_axis({"num_font": {"rotation": -60, "size": 8}})
    graphique.set_size({"width": 1000, "height": 620})
    feuille_graphique(classeur, "Graphique de dispersion", graphique)


def _niveaux(classeur: Any, curseur: duckdb.DuckDBPyConnection, portee: Portee, periode: str) -> None:
    familles = curseur.sql("SELECT code, libelle FROM familles WHERE code IN (SELECT famille FROM articles) ORDER BY libelle").fetchall()
    rangees = []
    for code, libelle in familles:
        niveau = niveau_famille(curseur, portee, code, periode)
        mien = {"mon niveau": _nombre(niveau.mien.valeur)} if niveau.mien else {}
        rangees.append(
            {
                "famille": libelle,
                **mien,
                **{titre: _nombre(niveau.quantiles[nom].valeur) for nom, titre in _TITRES_NIVEAUX.items()},
                "membres comparés": niveau.effectif.nb_membres,
                "articles comparés": niveau.nb_articles,
                "pourquoi pas de chiffre": niveau.mediane.motif_absence,
            }
        )
    colonnes = ("mon niveau",) if portee.membre is not None else ()
    schema = {
        "famille": pl.String,
        **dict.fromkeys((*colonnes, *_TITRES_NIVEAUX.values()), pl.Float64),
        **dict.fromkeys(("membres comparés", "articles comparés"), pl.Int64),
        "pourquoi pas de chiffre": pl.String,
    }
    table = pl.DataFrame(rangees, schema=schema)
    remplir_feuille(classeur, "Niveau des familles", table, dict.fromkeys((*colonnes, *_TITRES_NIVEAUX.values()), "0.0"))


def _besoins(classeur: Any, curseur: duckdb.DuckDBPyConnection, portee: Portee, membre: str) -> None:
    table = (
        pl.DataFrame([vars(besoin) for besoin in besoins_membre(curseur, portee, membre)], schema=_BESOINS)
        .drop("article_id")
        .with_columns(_nommer("unite"))
    )
    remplir_feuille(classeur, "Mes besoins", table.rename(_TITRES_BESOINS), FORMATS_BESOINS)


def _evolution(classeur: Any, curseur: duckdb.DuckDBPyConnection, portee: Portee) -> None:
    points = indice_famille(curseur, portee, TOUTES)
    table = pl.DataFrame(
        [
            {
                "trimestre": point.trimestre,
                "indice": _nombre(point.indice.valeur),
                "borne basse": _nombre(point.bas),
                "borne haute": _nombre(point.haut),
                "membres": point.indice.effectif.nb_membres,
                "pourquoi pas de chiffre": point.indice.motif_absence,
            }
            for point in points
        ],
        schema={"trimestre": pl.String, **dict.fromkeys(("indice", "borne basse", "borne haute"), pl.Float64), "membres": pl.Int64,
                "pourquoi pas de chiffre": pl.String},
    )  # fmt: skip
    remplir_feuille(classeur, "Évolution", table, dict.fromkeys(("indice", "borne basse", "borne haute"), "0.0"))
    if table["indice"].count() < 2:
        return
    graphique = classeur.add_chart({"type": "line"})
    for colonne, trait in ((1, {"color": "#222222", "width": 2.25}), (2, _TIRETS), (3, _TIRETS)):
        graphique.add_series(
            {
                "name": ["Évolution", 0, colonne],
                "categories": ["Évolution", 1, 0, table.height, 0],
                "values": ["Évolution", 1, colonne, table.height, colonne],
                "line": trait,
            }
        )
    graphique.set_title({"name": "Prix à achats égaux, toutes familles (base 100 la première année)", "name_font": {"size": 12}})
    graphique.set_legend({"position": "bottom"})
    bas, haut = table["borne basse"].min(), table["borne haute"].max()
    bornes = {"min": _dizaine(bas, -1), "max": _dizaine(haut, 1)} if bas is not None and haut is not None else {}
    graphique.set_y_axis({"num_format": "0", "major_gridlines": {"visible": True, "line": {"color": "#dddddd"}}, **bornes})
    graphique.set_size({"width": 900, "height": 460})
    feuille_graphique(classeur, "Graphique d'évolution", graphique)


def feuille_graphique(classeur: Any, nom: str, graphique: Any) -> None:
    """A sheet that holds one chart, ready to print on A4 landscape."""
    feuille = classeur.add_worksheet(nom)
    imprimer(feuille)
    feuille.fit_to_pages(1, 1)
    feuille.insert_chart(1, 1, graphique)


def _methodes() -> list[tuple[str, str]]:
    return [(i.titre, f"{i.formule} Limites : {i.limites}") for i in indicateurs().values()]


def _nommer(colonne: str) -> pl.Expr:
    return pl.col(colonne).map_elements(nom_unite, return_dtype=pl.String)


def _nombre(valeur: object) -> float | None:
    return None if valeur is None else float(str(valeur))


def _dizaine(valeur: object, sens: int) -> float:
    return 10 * (float(str(valeur)) // 10 + (1 if sens > 0 else 0))


_TITRES_NIVEAUX = {
    "minimum": "minimum", "p10": "premier décile", "q1": "premier quartile", "mediane": "médiane", "q3": "troisième quartile",
    "p90": "dernier décile", "maximum": "maximum",
}  # fmt: skip
_TIRETS = {"color": "#777777", "width": 1, "dash_type": "dash"}
_POSITION = {
    **dict.fromkeys(("article", "famille", "unité"), pl.String),
    **dict.fromkeys(
        ("mon prix HT", "premier quartile HT", "médiane HT", "quantité par an", "écart à la médiane, € par an",
         "écart au premier quartile, € par an"), pl.Float64),
    "membres comparés": pl.Int64,
    **dict.fromkeys(("pourquoi pas de chiffre", "mon prix est à part"), pl.String),
}  # fmt: skip
FORMATS_POSITION = {
    **dict.fromkeys(("mon prix HT", "premier quartile HT", "médiane HT"), "#,##0.00####"),
    **dict.fromkeys(("quantité par an", "écart à la médiane, € par an", "écart au premier quartile, € par an"), "#,##0"),
}
_TITRES_PRIX = {
    "periode": "période", "unite_reference": "unité", "nb_membres": "membres", "nb_lignes": "lignes",
    "nb_fournisseurs": "fournisseurs", "minimum": "minimum HT", "p10": "premier décile HT", "q1": "premier quartile HT",
    "mediane": "médiane HT", "q3": "troisième quartile HT",
    "p90": "dernier décile HT", "maximum": "maximum HT", "moyenne_ponderee": "moyenne pondérée HT", "quantite_reference": "quantité",
    "montant_ht": "montant HT", "nb_exclus": "prix mis à part", "motif_absence": "pourquoi pas de chiffre",
}  # fmt: skip
FORMATS_PRIX = {
    **{titre: "#,##0.00####" for nom, titre in _TITRES_PRIX.items() if titre.endswith(" HT") and nom != "montant_ht"},
    "quantité": "#,##0",
    "montant HT": "#,##0",
}
_TITRES_BESOINS = {
    "famille_libelle": "nom de la famille", "unite": "unité", "quantite_annuelle": "quantité par an",
    "montant_annuel_ht": "montant HT par an", "mois_couverts": "mois couverts",
    "quantite_min_an": "année la plus basse (quantité)", "quantite_max_an": "année la plus haute (quantité)",
    "montant_min_an": "année la plus basse (€ HT)", "montant_max_an": "année la plus haute (€ HT)", "nb_lignes": "lignes",
}  # fmt: skip
_BESOINS = {
    **dict.fromkeys(("famille", "famille_libelle", "article_id", "article", "unite"), pl.String),
    "quantite_annuelle": pl.Float64, "montant_annuel_ht": pl.Float64, "mois_couverts": pl.Int64,
    **dict.fromkeys(("quantite_min_an", "quantite_max_an", "montant_min_an", "montant_max_an"), pl.Float64),
    "nb_lignes": pl.Int64,
}  # fmt: skip
FORMATS_BESOINS = {
    **{titre: "#,##0" for titre in _TITRES_BESOINS.values() if "quantité" in titre},
    **{titre: "#,##0.00" for titre in _TITRES_BESOINS.values() if "HT" in titre},
}
