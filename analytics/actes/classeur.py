"""Write the BPU and DQE workbooks: one pair of sheets per lot, formulas locked, only the cells of the candidate unlocked.

The BPU holds contractual unit prices, the DQE multiplies them by estimated quantities that bind nobody. Totals are formulas with the
value already computed beside, so that a reader without a calculator sees them too. Nothing received is ever read as a formula.
"""

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from analytics.groupement.donnees import DonneesGroupement, Lot, Poste
from analytics.typographie import date_longue

FORMAT_EUROS = '#,##0.00\\ "€"'
PREMIERE_LIGNE = 5  # row of the first poste, from 0


@dataclass(frozen=True)
class _Classeur:
    """An open workbook and its formats."""

    livre: Any
    formats: dict[str, Any]
    estimatif: bool  # True: prices of the estimate are filled in, for the buyer only


def ecrire_bpu(donnees: DonneesGroupement, chemin: Path) -> Path:
    """The workbook sent to candidates: unit prices empty and unlocked, everything else locked."""
    return _write(donnees, chemin, estimatif=False)


def ecrire_estimatif(donnees: DonneesGroupement, chemin: Path) -> Path:
    """The estimate of the buyer: same sheets with the estimated prices, and the needs per membre; never sent to candidates."""
    return _write(donnees, chemin, estimatif=True)


def _write(donnees: DonneesGroupement, chemin: Path, *, estimatif: bool) -> Path:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(chemin), options) as livre:
        livre.set_properties(
            {
                "title": f"{'DQE estimatif' if estimatif else 'BPU et DQE'} – groupement {donnees.identifiant}",
                "author": "Mercuriale",
                "comments": f"données version {donnees.version}, empreinte {donnees.empreinte[:12]}",
                "created": datetime.combine(donnees.fige_le, time()),
            }
        )
        classeur = _Classeur(livre, _formats(livre), estimatif)
        _write_notice(classeur, donnees)
        totaux = []
        for lot in donnees.lots:
            _write_bpu(classeur, donnees, lot)
            totaux.append((lot, *_write_dqe(classeur, donnees, lot)))
        _write_recapitulatif(classeur, donnees, totaux)
        if estimatif:
            _write_besoins(classeur, donnees)
    return chemin


def _formats(livre: Any) -> dict[str, Any]:
    base: dict[str, Any] = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    trait = {"bottom": 1, "bottom_color": "#B0B0B0"}
    return {
        "titre": livre.add_format({**base, "bold": True, "font_size": 14, "font_color": "#1D3557"}),
        "titre_long": livre.add_format({**base, "bold": True, "font_size": 14, "font_color": "#1D3557", "text_wrap": True}),
        "note": livre.add_format({**base, "italic": True, "font_color": "#444444"}),
        "entete": livre.add_format(
            {**base, "bold": True, "text_wrap": True, "top": 2, "bottom": 1, "top_color": "#1D3557", "valign": "vcenter", "indent": 1}
        ),
        "entete_nombre": livre.add_format(
            {**base, "bold": True, "text_wrap": True, "top": 2, "bottom": 1, "top_color": "#1D3557", "align": "right", "valign": "vcenter"}
        ),
        "texte": livre.add_format({**base, **trait, "text_wrap": True, "indent": 1}),
        "quantite": livre.add_format({**base, **trait, "num_format": "#,##0"}),
        "quantite_decimale": livre.add_format({**base, **trait, "num_format": "#,##0.00"}),
        "euros": livre.add_format({**base, **trait, "num_format": FORMAT_EUROS}),
        "saisie_prix": livre.add_format({**base, **trait, "num_format": FORMAT_EUROS, "locked": False, "bg_color": "#FFF8DC"}),
        "saisie_part": livre.add_format({**base, **trait, "num_format": '0.0\\ "%"', "locked": False, "bg_color": "#FFF8DC"}),
        "saisie_texte": livre.add_format({**base, **trait, "locked": False, "bg_color": "#FFF8DC", "text_wrap": True}),
        "total": livre.add_format({**base, "bold": True, "num_format": FORMAT_EUROS, "top": 1}),
        "total_texte": livre.add_format({**base, "bold": True, "top": 1}),
        "paragraphe": livre.add_format({**base, "text_wrap": True, "font_size": 11}),
    }


def nom_bpu(lot: Lot) -> str:
    """Sheet of the unit prices of a lot."""
    return f"BPU lot {lot.numero}"


def nom_dqe(lot: Lot) -> str:
    """Sheet of the estimate of a lot."""
    return f"DQE lot {lot.numero}"


def _write_notice(classeur: _Classeur, donnees: DonneesGroupement) -> None:
    feuille = classeur.livre.add_worksheet("Lisez-moi")
    feuille.set_column(0, 0, 72)
    feuille.write_string(0, 0, f"Groupement de commandes pour {donnees.objet}", classeur.formats["titre_long"])
    feuille.set_row(0, 40)
    phrases = [
        (
            f"Coordonnateur : {donnees.membre(donnees.coordonnateur).nom}. Membres : {len(donnees.membres)}. Durée : "
            f"{donnees.duree_marche_mois} mois."
        ),
        (
            "Les feuilles BPU (bordereau des prix unitaires) portent les prix qui engagent le titulaire. "
            "Seules les cases au fond jaune se remplissent."
        ),
        (
            "Les feuilles DQE (détail quantitatif estimatif) multiplient ces prix par des quantités annuelles estimées "
            ": elles servent à comparer "
            "les offres et n’engagent pas les membres sur les quantités."
        ),
        (
            "Les prix sont en euros hors taxes, pour l’unité indiquée, livraison comprise. Pour une ligne de catalogue, "
            "le rabais se donne en pourcentage."
        ),
        f"Données figées le {date_longue(donnees.fige_le)}, version {donnees.version}, empreinte {donnees.empreinte[:12]}.",
    ]
    if classeur.estimatif:
        phrases.insert(0, "DOCUMENT INTERNE : estimation des membres, à ne pas joindre au dossier de consultation.")
    for rang, phrase in enumerate(phrases, start=2):
        feuille.write_string(rang, 0, phrase, classeur.formats["paragraphe"])
        feuille.set_row(rang, 16 * -(-len(phrase) // 64))  # the reader's software does not always grow the row of a wrapped text
    _finish(feuille, portrait=True)


def _write_bpu(classeur: _Classeur, donnees: DonneesGroupement, lot: Lot) -> None:
    feuille = classeur.livre.add_worksheet(nom_bpu(lot))
    f = classeur.formats
    _head(
        feuille,
        f,
        f"Bordereau des prix unitaires – lot {lot.numero} – {lot.intitule}",
        "Prix en euros hors taxes, à remplir par le candidat.",
    )
    entetes = (
        "Poste",
        "Désignation",
        "Unité",
        "Prix unitaire HT (€) ou rabais (%)",
        "Référence ou marque proposée",
        "Label, part recyclée",
    )
    _header(feuille, f, entetes, nombres={3})
    for rang, poste in enumerate(donnees.postes_du_lot(lot.numero), start=PREMIERE_LIGNE):
        feuille.write_string(rang, 0, poste.code, f["texte"])
        feuille.write_string(rang, 1, poste.designation, f["texte"])
        feuille.write_string(rang, 2, poste.unite, f["texte"])
        saisie = f["saisie_part"] if poste.catalogue else f["saisie_prix"]
        if classeur.estimatif:
            feuille.write_number(rang, 3, 0 if poste.catalogue else float(poste.prix_estime_ht), saisie)
        else:
            feuille.write_blank(rang, 3, None, saisie)
        feuille.write_blank(rang, 4, None, f["saisie_texte"])
        feuille.write_blank(rang, 5, None, f["saisie_texte"])
        validation = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100 if poste.catalogue else 1_000_000}
        feuille.data_validation(
            rang, 3, rang, 3, {**validation, "error_title": "Valeur refusée", "error_message": "Saisissez un nombre positif."}
        )
    for colonne, largeur in enumerate((8, 48, 24, 18, 24, 18)):
        feuille.set_column(colonne, colonne, largeur)
    _finish(feuille)


def _write_dqe(classeur: _Classeur, donnees: DonneesGroupement, lot: Lot) -> tuple[str, str, Decimal, Decimal]:
    """Write the sheet; give the references of its yearly and whole totals, and their values."""
    feuille = classeur.livre.add_worksheet(nom_dqe(lot))
    f = classeur.formats
    _head(
        feuille,
        f,
        f"Détail quantitatif estimatif – lot {lot.numero} – {lot.intitule}",
        "Quantités annuelles estimées, sans valeur contractuelle. Ne rien saisir ici : les prix viennent du bordereau.",
    )
    entetes = ("Poste", "Désignation", "Unité", "Quantité annuelle", "Prix unitaire HT ou rabais", "Montant annuel HT")
    _header(feuille, f, entetes, nombres={3, 4, 5})
    postes = donnees.postes_du_lot(lot.numero)
    annuel = Decimal(0)
    for rang, poste in enumerate(postes, start=PREMIERE_LIGNE):
        annuel += _write_ligne_dqe(classeur, feuille, donnees, lot, poste, rang)
    fin = PREMIERE_LIGNE + len(postes)
    total = donnees.montant_total(lot.numero) if classeur.estimatif else _over(annuel, donnees)
    for ligne in (fin, fin + 1):
        for colonne in range(5):
            feuille.write_blank(ligne, colonne, None, f["total_texte"])
    feuille.write_string(fin, 1, "Total annuel HT", f["total_texte"])
    feuille.write_formula(fin, 5, f"=SUM(F{PREMIERE_LIGNE + 1}:F{fin})", f["total"], float(annuel))
    feuille.write_string(fin + 1, 1, f"Total HT sur {donnees.duree_marche_mois} mois", f["total_texte"])
    feuille.write_formula(fin + 1, 5, f"=ROUND(F{fin + 1}*{donnees.duree_marche_mois}/12,2)", f["total"], float(total))
    for colonne, largeur in enumerate((8, 48, 24, 14, 16, 18)):
        feuille.set_column(colonne, colonne, largeur)
    _finish(feuille)
    prefixe = f"'{nom_dqe(lot)}'!F"
    return f"{prefixe}{fin + 1}", f"{prefixe}{fin + 2}", annuel, total


def _write_ligne_dqe(classeur: _Classeur, feuille: Any, donnees: DonneesGroupement, lot: Lot, poste: Poste, rang: int) -> Decimal:
    f = classeur.formats
    quantite = donnees.quantite(poste.code)
    ligne = rang + 1
    feuille.write_string(rang, 0, poste.code, f["texte"])
    feuille.write_string(rang, 1, poste.designation, f["texte"])
    feuille.write_string(rang, 2, poste.unite, f["texte"])
    feuille.write_number(rang, 3, float(quantite), _format_quantite(f, quantite))
    prix = Decimal(0) if poste.catalogue or not classeur.estimatif else poste.prix_estime_ht
    format_prix = f["quantite"] if poste.catalogue else f["euros"]
    feuille.write_formula(rang, 4, f"='{nom_bpu(lot)}'!D{ligne}", format_prix, float(prix))
    # A catalogue line is an amount bought, less the discount; before any offer its discount is zero, so it keeps its amount.
    formule = f"=ROUND(D{ligne}*(1-E{ligne}/100),2)" if poste.catalogue else f"=ROUND(D{ligne}*E{ligne},2)"
    montant = quantite if poste.catalogue else donnees.montant_poste(poste) if classeur.estimatif else Decimal(0)
    feuille.write_formula(rang, 5, formule, f["euros"], float(montant))
    return montant


def _format_quantite(f: dict[str, Any], quantite: Decimal) -> Any:
    """No lone comma after a whole number, which one format for both would leave."""
    return f["quantite" if quantite == quantite.to_integral_value() else "quantite_decimale"]


def _over(annuel: Decimal, donnees: DonneesGroupement) -> Decimal:
    return (annuel * donnees.duree_marche_mois / 12).quantize(Decimal("0.01"))


def _write_recapitulatif(classeur: _Classeur, donnees: DonneesGroupement, totaux: list[tuple[Lot, str, str, Decimal, Decimal]]) -> None:
    feuille = classeur.livre.add_worksheet("Récapitulatif")
    f = classeur.formats
    _head(feuille, f, f"Récapitulatif – groupement {donnees.identifiant}", "Montants hors taxes, repris des feuilles DQE.")
    duree = f"Montant HT sur {donnees.duree_marche_mois} mois"
    _header(feuille, f, ("Lot", "Intitulé", "Montant annuel HT", duree, "Maximum HT de l’accord-cadre"), nombres={2, 3, 4})
    for rang, (lot, annuel, total, valeur_annuelle, valeur_totale) in enumerate(totaux, start=PREMIERE_LIGNE):
        feuille.write_string(rang, 0, str(lot.numero), f["texte"])
        feuille.write_string(rang, 1, lot.intitule, f["texte"])
        feuille.write_formula(rang, 2, f"={annuel}", f["euros"], float(valeur_annuelle))
        feuille.write_formula(rang, 3, f"={total}", f["euros"], float(valeur_totale))
        feuille.write_number(rang, 4, float(donnees.maximum(lot.numero)), f["euros"])
    fin = PREMIERE_LIGNE + len(totaux)
    feuille.write_string(fin, 1, "Ensemble", f["total_texte"])
    sommes = (sum(t[3] for t in totaux), sum(t[4] for t in totaux), donnees.maximum())
    for colonne, (lettre, somme) in enumerate(zip("CDE", sommes, strict=True), start=2):
        feuille.write_formula(fin, colonne, f"=SUM({lettre}{PREMIERE_LIGNE + 1}:{lettre}{fin})", f["total"], float(somme))
    for colonne, largeur in enumerate((8, 52, 20, 22, 24)):
        feuille.set_column(colonne, colonne, largeur)
    _finish(feuille)


def _write_besoins(classeur: _Classeur, donnees: DonneesGroupement) -> None:
    """Needs of every membre: poste by poste, adding up to the DQE."""
    feuille = classeur.livre.add_worksheet("Besoins par membre")
    f = classeur.formats
    _head(feuille, f, "Besoins par membre", "Identiques à l’annexe 2 de la convention ; leur somme est celle du DQE, au centime.")
    _header(feuille, f, ("Membre", "SIREN", "Lot", "Poste", "Désignation", "Quantité annuelle", "Montant annuel HT"), nombres={5, 6})
    rang = PREMIERE_LIGNE
    for poste in donnees.postes:
        for siren, montant in donnees.montants_du_poste(poste).items():
            quantite = donnees.quantite(poste.code, siren)
            if quantite:
                feuille.write_string(rang, 0, donnees.membre(siren).nom, f["texte"])
                feuille.write_string(rang, 1, siren, f["texte"])
                feuille.write_string(rang, 2, str(poste.lot), f["texte"])
                feuille.write_string(rang, 3, poste.code, f["texte"])
                feuille.write_string(rang, 4, poste.designation, f["texte"])
                feuille.write_number(rang, 5, float(quantite), _format_quantite(f, quantite))
                feuille.write_number(rang, 6, float(montant), f["euros"])
                rang += 1
    feuille.write_string(rang, 0, "Total", f["total_texte"])
    feuille.write_formula(rang, 6, f"=SUM(G{PREMIERE_LIGNE + 1}:G{rang})", f["total"], float(donnees.montant_annuel()))
    feuille.autofilter(PREMIERE_LIGNE - 1, 0, max(rang - 1, PREMIERE_LIGNE), 6)
    for colonne, largeur in enumerate((28, 12, 6, 8, 44, 14, 18)):
        feuille.set_column(colonne, colonne, largeur)
    _finish(feuille)


def _head(feuille: Any, f: dict[str, Any], titre: str, note: str) -> None:
    feuille.write_string(0, 0, titre, f["titre"])
    feuille.write_string(1, 0, note, f["note"])
    feuille.set_row(1, 15)


def _header(feuille: Any, f: dict[str, Any], entetes: tuple[str, ...], nombres: set[int]) -> None:
    for colonne, entete in enumerate(entetes):
        feuille.write_string(PREMIERE_LIGNE - 1, colonne, entete, f["entete_nombre" if colonne in nombres else "entete"])
    feuille.set_row(PREMIERE_LIGNE - 1, 32)
    feuille.freeze_panes(PREMIERE_LIGNE, 2)
    feuille.repeat_rows(PREMIERE_LIGNE - 1)


def _finish(feuille: Any, *, portrait: bool = False) -> None:
    feuille.set_paper(9)
    if not portrait:
        feuille.set_landscape()
    feuille.fit_to_pages(1, 0)
    feuille.set_footer("&L&F&R&P / &N")
    feuille.hide_gridlines(2)
    feuille.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": False})
