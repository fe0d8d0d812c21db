"""An electronic invoice gives its lines by EN 16931: what was really paid for each, signed, and summing to its total to the cent."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import polars as pl

from ingest.erreurs import FichierRefuse
from ingest.lecture.fiche_article import complete_designation
from ingest.lecture.modele_facture import TYPE_ACOMPTE, Ajustement, Facture, LigneFacture
from ingest.lecture.table import ALERTE, ECART, LIGNE, ORIGINE_LIGNE, Genre, TableBrute

CENTIME = Decimal("0.01")

# Header the person sees → field of docs/architecture.md, "" when it is kept for the record only.
COLONNES: dict[str, str] = {
    "Numéro de facture": "piece",
    "Date de facture": "date",
    "Type": "",
    "Fournisseur": "fournisseur",
    "SIRET du fournisseur": "fournisseur_siret",
    "N° TVA du fournisseur": "",
    "Acheteur": "",
    "SIRET de l'acheteur": "membre_siret",
    "N° de ligne": "",
    "Désignation": "libelle",
    "Description": "",
    "Référence": "reference",
    "GTIN": "gtin",
    "Quantité": "quantite",
    "Code unité": "unite",
    "Prix unitaire facturé HT": "",
    "Remises et frais de la ligne": "",
    "Part des remises de pied": "",
    "Prix unitaire HT": "prix_unitaire_ht",
    "Montant HT": "montant_ht",
    "Taux de TVA": "taux_tva",
    "Code CPV": "code_cpv",
    "Caractéristiques": "",
    "Compte": "compte",
    "Marché": "marche",
    "Commande": "",
}


def table_de_factures(factures: Sequence[tuple[str, Facture]], origine: str = "") -> TableBrute:
    """Gather invoices, each with the name of its file, in one table whose lines sum to each invoice's total without VAT (BT-109).

    Document-level allowances are apportioned on the lines of the same VAT rate by net amount; document-level charges (delivery…) are
    lines of their own; a credit note has negative quantities and amounts and a positive price. `Prix unitaire HT` is the price really
    paid (allowances included), `Prix unitaire facturé HT` is BT-146 ÷ BT-149.
    """
    lignes: list[tuple[int, str | None, str, dict[str, str | None]]] = []
    remarques: list[str] = []
    for nom, facture in factures:
        lues, dites = _lignes(facture)
        lignes += [(rang, ecart, nom, valeurs) for rang, (ecart, valeurs) in enumerate(lues, 1)]
        remarques += [f"« {nom} » : {dite}" if len(factures) > 1 else dite for dite in dites]
    plusieurs = len(factures) > 1
    frame = pl.DataFrame(
        {
            LIGNE: [rang for rang, _, _, _ in lignes],
            ECART: [ecart for _, ecart, _, _ in lignes],
            ALERTE: [None] * len(lignes),
            **({ORIGINE_LIGNE: [nom for _, _, nom, _ in lignes]} if plusieurs else {}),
            **{colonne: [valeurs.get(colonne) for *_, valeurs in lignes] for colonne in COLONNES},
        },
        schema_overrides={LIGNE: pl.Int64, ECART: pl.String, ALERTE: pl.String, **dict.fromkeys(COLONNES, pl.String)},
    )

    def blocs() -> Iterator[pl.DataFrame]:
        yield frame

    champs = {colonne: champ for colonne, champ in COLONNES.items() if champ}
    return TableBrute(origine, Genre.FACTURE, tuple(COLONNES), blocs, champs, tuple(remarques))


def verifier_facture(facture: Facture, nom: str) -> None:
    """Refuse an invoice that cannot be compared: no lines, or another currency than the euro."""
    if not facture.lignes:
        profil = _nom_profil(facture.profil)
        raise FichierRefuse(
            f"La facture « {nom} » ne contient que ses totaux{profil}, pas le détail de ses lignes. Demandez à votre fournisseur une "
            "facture Factur-X de profil BASIC, EN 16931 ou EXTENDED, ou le détail de la facture en tableur."
        )
    if facture.devise is None:
        raise FichierRefuse(
            f"La facture « {nom} » ne dit pas sa devise : elle n'est pas conforme. Demandez-en une autre à votre fournisseur."
        )
    if facture.devise != "EUR":
        raise FichierRefuse(
            f"La facture « {nom} » n'est pas en euros : nous avons lu « {facture.devise} ». Ses prix ne peuvent pas être comparés aux "
            "autres ; saisissez-la en tableur, convertie en euros, si elle doit compter."
        )


def repartir(total: Decimal, poids: Sequence[Decimal]) -> list[Decimal]:
    """Share an amount in cents in proportion of weights; the shares sum to the amount, the cents left go to the largest remainders."""
    somme = sum(poids, Decimal(0))
    if not somme:
        return [Decimal(0)] * len(poids)
    exacts = [total * p / somme for p in poids]
    parts = [e.quantize(CENTIME, rounding=ROUND_DOWN) for e in exacts]
    reste = int((total - sum(parts, Decimal(0))) / CENTIME)
    ordre = sorted(range(len(poids)), key=lambda i: abs(exacts[i] - parts[i]), reverse=True)
    pas = CENTIME if reste > 0 else -CENTIME
    for rang in range(abs(reste)):
        parts[ordre[rang % len(ordre)]] += pas
    return parts


def _lignes(facture: Facture) -> tuple[list[tuple[str | None, dict[str, str | None]]], list[str]]:
    facture, redressee = _redresser(facture)
    signe = -1 if facture.est_avoir else 1
    commun = _commun(facture)
    remises = [a for a in facture.ajustements if a.montant < 0]
    frais = [a for a in facture.ajustements if a.montant > 0]
    parts = _parts_de_pied(facture.lignes, remises)
    lignes: list[tuple[str | None, dict[str, str | None]]] = [
        (ligne.ecart, {**commun, **_valeurs(ligne, part, signe, facture)}) for ligne, part in zip(facture.lignes, parts, strict=True)
    ]
    # What could not be apportioned (no line has an amount) stays visible as lines.
    lignes += [(None, {**commun, **_valeurs_ajustement(a, signe)}) for a in (frais if sum(parts) else [*frais, *remises])]
    dites = []
    if remises and sum(parts):
        total = _euros(-sum((a.montant for a in remises), Decimal(0)))
        dites.append(f"remise de pied de facture de {total} répartie sur les lignes au prorata de leur montant.")
    if frais:
        dites.append(f"frais de pied de facture de {_euros(sum((a.montant for a in frais), Decimal(0)))} comptés sur une ligne à part.")
    if facture.est_avoir:
        dites.append("avoir : quantités et montants lus en négatif.")
    if facture.type_document == TYPE_ACOMPTE:
        dites.append("facture d'acompte : vérifiez que la facture définitive ne compte pas deux fois les mêmes lignes.")
    if redressee:
        dites.append("les remises étaient écrites en négatif : elles ont été comptées comme des remises, ce qui redonne le total écrit.")
    ecart = _ecart_total(facture)
    if ecart:
        somme, ecrit = _euros(ecart + (facture.total_ht or 0)), _euros(facture.total_ht or Decimal(0))
        dites.append(f"la somme des lignes ({somme}) n'est pas le total hors taxes écrit sur la facture ({ecrit}).")
    return lignes, [dite[0].upper() + dite[1:] for dite in dites]


def _commun(facture: Facture) -> dict[str, str | None]:
    return {
        "Numéro de facture": facture.numero,
        "Date de facture": facture.date,
        "Type": "avoir" if facture.est_avoir else "acompte" if facture.type_document == TYPE_ACOMPTE else "facture",
        "Fournisseur": facture.fournisseur.nom,
        "SIRET du fournisseur": facture.fournisseur.siret,
        "N° TVA du fournisseur": facture.fournisseur.numero_tva,
        "Acheteur": facture.acheteur.nom,
        "SIRET de l'acheteur": facture.acheteur.siret,
        "Marché": facture.marche,
    }


def _valeurs(ligne: LigneFacture, part: Decimal, signe: int, facture: Facture) -> dict[str, str | None]:
    net = ligne.net
    if net is None and ligne.prix_net is not None and ligne.quantite is not None:
        net = (ligne.prix_net * ligne.quantite).quantize(CENTIME, rounding=ROUND_HALF_UP) + ligne.remises
    montant = None if net is None else net + part
    prix = ligne.prix_net
    if montant is not None and ligne.quantite and (part or ligne.remises or prix is None):
        prix = (montant / ligne.quantite).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)
    return {
        "N° de ligne": ligne.numero,
        "Désignation": complete_designation(ligne.designation, ligne.attributs),
        "Description": ligne.description,
        "Référence": ligne.reference,
        "GTIN": ligne.gtin,
        "Quantité": _nombre(ligne.quantite, signe),
        "Code unité": ligne.unite,
        "Prix unitaire facturé HT": _nombre(ligne.prix_net),
        "Remises et frais de la ligne": _nombre(ligne.remises, signe) if ligne.remises else None,
        "Part des remises de pied": _nombre(part, signe) if part else None,
        "Prix unitaire HT": _nombre(abs(prix) if prix is not None else None),
        "Montant HT": _nombre(montant, signe),
        "Taux de TVA": _nombre(ligne.taux_tva),
        "Code CPV": ligne.cpv,
        "Caractéristiques": " ; ".join(f"{nom} : {valeur}" for nom, valeur in ligne.attributs) or None,
        "Compte": ligne.compte or facture.compte,
        "Commande": ligne.commande or facture.commande,
    }


def _valeurs_ajustement(ajustement: Ajustement, signe: int) -> dict[str, str | None]:
    defaut = "Frais de facturation" if ajustement.montant > 0 else "Remise"
    return {
        "Désignation": ajustement.motif or defaut,
        "Quantité": _nombre(Decimal(1 if ajustement.montant > 0 else -1), signe),
        "Code unité": "LS",
        "Prix unitaire HT": _nombre(abs(ajustement.montant)),
        "Montant HT": _nombre(ajustement.montant, signe),
        "Taux de TVA": _nombre(ajustement.taux_tva),
    }


def _parts_de_pied(lignes: Sequence[LigneFacture], remises: Sequence[Ajustement]) -> list[Decimal]:
    parts = [Decimal(0)] * len(lignes)
    poids = [Decimal(0) if ligne.net is None or ligne.ecart else max(ligne.net, Decimal(0)) for ligne in lignes]
    for remise in remises:
        concernees = [p if ligne.taux_tva == remise.taux_tva else Decimal(0) for p, ligne in zip(poids, lignes, strict=True)]
        parts_remise = repartir(remise.montant, concernees if any(concernees) else poids)
        parts = [part + ajout for part, ajout in zip(parts, parts_remise, strict=True)]
    return parts


def _redresser(facture: Facture) -> tuple[Facture, bool]:
    """Turn allowances written as negative numbers back into allowances, when that is what gives the written total."""
    if not _ecart_total(facture) or not any(a.montant > 0 for a in facture.ajustements):
        return facture, False
    ajustements = tuple(replace(a, montant=-abs(a.montant)) if not a.est_frais else a for a in facture.ajustements)
    redressee = replace(facture, ajustements=ajustements)
    return (facture, False) if _ecart_total(redressee) else (redressee, True)


def _ecart_total(facture: Facture) -> Decimal:
    """Return by how much lines and adjustments miss the total without VAT (BT-109); zero within one cent, or when it cannot be known."""
    if facture.total_ht is None or any(ligne.net is None for ligne in facture.lignes):
        return Decimal(0)
    somme = sum((ligne.net for ligne in facture.lignes if ligne.net is not None and not ligne.ecart), Decimal(0))
    somme += sum((a.montant for a in facture.ajustements), Decimal(0))
    ecart = somme - facture.total_ht
    return ecart if abs(ecart) > CENTIME else Decimal(0)


def _nombre(valeur: Decimal | None, signe: int = 1) -> str | None:
    return None if valeur is None else format(valeur * signe + 0, "f")


def _euros(valeur: Decimal) -> str:
    entiers, decimales = f"{valeur:,.2f}".replace(",", "\u202f").split(".")
    return f"{entiers},{decimales}\u00a0€"


def _nom_profil(profil: str | None) -> str:
    bas = (profil or "").casefold()
    if "minimum" in bas:
        return " (profil MINIMUM)"
    return " (profil BASIC WL)" if "basicwl" in bas else ""
