"""Refuse what the law forbids before any act is drafted: each refusal cites its article; what is only doubtful becomes a remark."""

from datetime import date
from decimal import Decimal

from analytics.groupement.donnees import DonneesGroupement, Duree, Membre, RegimeCao, Variante
from analytics.groupement.repartition import Cle
from analytics.parametres import parametre, valeur
from analytics.typographie import date_longue, de, enumerer, euros_ronds, nombre
from ingest.erreurs import Refus
from ingest.vocabulaire import NatureMembre


def verifier(donnees: DonneesGroupement) -> None:
    """Raise Refus at the first impossible combination; return in silence when the acts may be drafted."""
    _check_parties(donnees)
    _check_variante(donnees)
    _check_besoins(donnees)
    _check_accord_cadre(donnees)
    _check_dates(donnees)


def remarques(donnees: DonneesGroupement) -> tuple[str, ...]:
    """What is allowed but must be looked at: French sentences, each naming whom it concerns and what to do."""
    trouvees = []
    for membre in donnees.membres:
        if donnees.montant_annuel(membre=membre.siren) == 0 and donnees.variante is not Variante.E:
            trouvees.append(
                f"{membre.nom} n’a aucun besoin dans ce groupement. Un membre a en principe un besoin propre ; une intercommunalité qui "
                "travaille pour ses communes sans besoin propre relève de l’article L. 5211-4-4 du CGCT."
            )
        if membre.nature is NatureMembre.AUTRE:
            trouvees.append(
                f"{membre.nom} : vérifiez que cette personne est un acheteur, ou qu’elle s’engage à appliquer le code de la commande "
                "publique pour tous ses achats dans le groupement (CCP, article L. 2113-6)."
            )
    trouvees += [phrase for membre in donnees.parties for phrase in mandats_perimes(membre, donnees.date_droit)]
    return tuple(trouvees)


def mandats_perimes(membre: Membre, au: date) -> tuple[str, ...]:
    """Sentences about what a membre voted before the last renewal of the councils (designation, delegation)."""
    renouvellement, _ = parametre("droit/renouvellement_conseils").entree(au)
    phrases = []
    for nom, jour in (
        ("la désignation du représentant", membre.representant_designe_le),
        ("la délégation de signature", membre.delegation_le),
    ):
        if jour is not None and jour < renouvellement:
            phrases.append(
                f"{membre.nom} : {nom} date du {date_longue(jour)}, avant le renouvellement des conseils municipaux de "
                f"mars {renouvellement.year}. Vérifiez qu’elle a été votée à nouveau."
            )
    return tuple(phrases)


def _check_parties(donnees: DonneesGroupement) -> None:
    sirens = [membre.siren for membre in donnees.membres]
    doubles = sorted({siren for siren in sirens if sirens.count(siren) > 1})
    if doubles:
        raise Refus(
            f"Le membre {donnees.membre(doubles[0]).nom} figure deux fois. Un membre est une personne morale, un numéro "
            "SIREN : retirez le doublon."
        )
    if len(sirens) < 2:
        raise Refus("Un groupement de commandes réunit au moins deux membres (CCP, article L. 2113-6). Ajoutez un membre.")
    connus = {*sirens, *((donnees.coordonnateur_tiers.siren,) if donnees.coordonnateur_tiers else ())}
    if donnees.coordonnateur not in connus:
        raise Refus(
            "Le coordonnateur n’est pas membre du groupement : la convention ne peut confier la passation qu’à un ou plusieurs membres "
            "(CCP, article L. 2113-7). Ajoutez-le aux membres, ou choisissez le montage de l’article L. 5211-4-4 du CGCT s’il s’agit de "
            "l’intercommunalité."
        )


def _check_variante(donnees: DonneesGroupement) -> None:
    coordonnateur = donnees.membre(donnees.coordonnateur)
    if donnees.variante is Variante.E:
        _check_l5211_4_4(donnees, coordonnateur)
    elif donnees.coordonnateur_tiers is not None:
        raise Refus(
            f"{coordonnateur.nom} serait coordonnateur sans être membre : seul l’article L. 5211-4-4 du CGCT le permet, à une "
            "intercommunalité et à titre gratuit. Choisissez cette variante ou faites-en un membre."
        )
    charges = [lot.coordonnateur for lot in donnees.lots]
    if donnees.variante is Variante.D:
        sirens = {membre.siren for membre in donnees.membres}
        sans = [lot.numero for lot in donnees.lots if lot.coordonnateur not in sirens]
        if sans:
            raise Refus(
                "Avec plusieurs coordonnateurs, chaque lot a le sien parmi les membres (CCP, article L. 2113-7) : il "
                f"manque pour le lot {sans[0]}."
            )
    elif any(charges):
        raise Refus("Un lot nomme son propre coordonnateur : choisissez la variante à plusieurs coordonnateurs, ou retirez cette mention.")
    if donnees.cle is Cle.GRATUITE and donnees.frais_annuels_ht:
        raise Refus(
            f"Des frais de {euros_ronds(donnees.frais_annuels_ht)} sont prévus alors que la mission est gratuite : "
            "mettez les frais à zéro ou "
            "choisissez une clé de répartition."
        )
    if donnees.cle is Cle.PRORATA_POP:
        sans_population = [membre.nom for membre in donnees.membres if not membre.population]
        if sans_population:
            raise Refus(
                f"La clé par habitant demande une population pour chaque membre ; elle manque pour {enumerer(sans_population)}. "
                "Indiquez une population de rattachement sans double compte, ou changez de clé."
            )


def _check_l5211_4_4(donnees: DonneesGroupement, coordonnateur: Membre) -> None:
    article = "article L. 5211-4-4 du CGCT"
    if donnees.cle is not Cle.GRATUITE or donnees.frais_annuels_ht:
        raise Refus(
            f"L’{article} impose que l’intercommunalité agisse à titre gratuit : aucun frais ne peut être réparti. Choisissez la clé "
            "« à titre gratuit », ou une autre variante."
        )
    if coordonnateur.nature is not NatureMembre.EPCI:
        raise Refus(f"L’{article} ne vise que l’intercommunalité à fiscalité propre : {coordonnateur.nom} ne peut pas agir à ce titre.")
    autres = [m.nom for m in donnees.membres if m.nature not in (NatureMembre.COMMUNE, NatureMembre.EPCI)]
    if autres:
        raise Refus(
            f"L’{article} ne vise que les communes et leur intercommunalité : retirez {enumerer(autres)}, ou choisissez une autre variante."
        )


def _check_besoins(donnees: DonneesGroupement) -> None:
    if donnees.nature == "travaux":
        raise Refus(
            "Les travaux se comptent par opération et non par famille (CCP, article R. 2121-5) : ce groupement "
            "d’achats courants ne peut pas les porter."
        )
    sirens = {membre.siren for membre in donnees.membres}
    postes = {poste.code for poste in donnees.postes}
    lots = {lot.numero for lot in donnees.lots}
    if not donnees.postes or not donnees.lots:
        raise Refus("Aucun besoin n’est recensé : ajoutez au moins un lot et un poste.")
    for poste in donnees.postes:
        if poste.lot not in lots:
            raise Refus(f"Le poste {poste.code} appartient au lot {poste.lot}, qui n’existe pas.")
    for besoin in donnees.besoins:
        if besoin.membre not in sirens or besoin.poste not in postes:
            raise Refus(f"Un besoin porte sur un membre ou un poste inconnu ({besoin.membre}, poste {besoin.poste}).")
        if besoin.quantite_annuelle < 0:
            raise Refus(
                f"{donnees.membre(besoin.membre).nom}, poste {besoin.poste} : quantité négative "
                f"({nombre(besoin.quantite_annuelle)}). Corrigez la fiche de besoins."
            )


def _check_accord_cadre(donnees: DonneesGroupement) -> None:
    limite = valeur("droit/accord_cadre_duree_maximale", donnees.date_droit)
    if donnees.duree_marche_mois <= 0:
        raise Refus("La durée du marché doit être d’au moins un mois.")
    if donnees.duree_marche_mois > limite and not donnees.motif_duree_longue:
        raise Refus(
            f"Un accord-cadre dure au plus {nombre(limite)} mois, sauf exception justifiée (CCP, article L. 2125-1) : "
            f"{donnees.duree_marche_mois} mois sont demandés. Réduisez la durée ou écrivez le motif."
        )
    for lot in donnees.lots:
        if donnees.maximum(lot.numero) <= 0:
            raise Refus(
                f"Le lot {lot.numero} n’a pas de maximum : un accord-cadre sans maximum est irrégulier (CCP, article R. "
                "2162-4). Indiquez-le."
            )
        for membre in donnees.membres:
            _check_plafond(donnees, membre, lot.numero)


def _check_plafond(donnees: DonneesGroupement, membre: Membre, lot: int) -> None:
    estime = donnees.montant_total(lot, membre.siren)
    maximum = donnees.maximum(lot, membre.siren)
    if estime > maximum:
        raise Refus(
            f"Lot {lot}, {membre.nom} : le maximum ({euros_ronds(maximum)} HT) est inférieur à l’estimation sur la durée du marché "
            f"({euros_ronds(estime)} HT). Relevez le maximum (CCP, article R. 2162-4) ou réduisez le besoin."
        )
    minimum = sum((p.minimum_ht or Decimal(0) for p in donnees.plafonds if (p.membre, p.lot) == (membre.siren, lot)), Decimal(0))
    if minimum > maximum:
        raise Refus(f"Lot {lot}, {membre.nom} : le minimum ({euros_ronds(minimum)} HT) dépasse le maximum ({euros_ronds(maximum)} HT).")


def _check_dates(donnees: DonneesGroupement) -> None:
    publication = donnees.calendrier.publication
    for membre in donnees.parties:
        if membre.deliberation_le and membre.executoire_le and membre.executoire_le < membre.deliberation_le:
            raise Refus(f"{membre.nom} : la délibération ne peut pas être exécutoire avant d’avoir été votée. Vérifiez les deux dates.")
        if publication is None:
            continue
        if membre.adhere_le and membre.adhere_le > publication:
            suite = (
                "Son adhésion ne vaudra que pour les consultations suivantes : retirez-le de celle-ci."
                if donnees.duree is Duree.PERMANENT
                else "La composition d’un groupement ponctuel est figée au lancement de la consultation : retirez-le."
            )
            raise Refus(
                f"{membre.nom} a rejoint le groupement le {date_longue(membre.adhere_le)}, après la publication du "
                f"{date_longue(publication)} : un accord-cadre "
                f"ne profite qu’aux acheteurs identifiés dès l’origine (CJUE, 19 décembre 2018, C-216/17). {suite}"
            )
        if membre.deliberation_le and membre.deliberation_le > publication:
            raise Refus(
                f"La délibération {de(membre.nom)} ({date_longue(membre.deliberation_le)}) est postérieure à la publication "
                f"({date_longue(publication)}) : "
                "la convention est signée avant le lancement de la consultation (CCP, article L. 2113-7). Repoussez la publication."
            )


def exige_designation_cao(donnees: DonneesGroupement) -> bool:
    """True when each membre must elect its representative (CGCT L1414-3 I)."""
    return donnees.cao is RegimeCao.MIXTE
