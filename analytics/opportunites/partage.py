"""Give each membre its part of an opportunité, and hide from a reader those she may not read, and what would give them back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from analytics import diffusion
from analytics.opportunites.gains import Bilan, with_phrase
from analytics.opportunites.lecture import Monde
from analytics.opportunites.modele import Opportunite, PartMembre
from analytics.parametres import valeur
from analytics.portee import Portee
from analytics.procedures import procedure
from analytics.resultat import Effectif
from analytics.typographie import euros_estimes, euros_ronds

RESERVE = "Réservé à ce membre et aux personnes qu’il a autorisées."


def parts(bilan: Bilan, monde: Monde) -> tuple[PartMembre, ...]:
    """One part per membre, winners first."""
    toutes = []
    for part in bilan.simulation.parts:
        evite = bilan.evites.get(part.membre, Decimal(0))
        net = part.gain_net + evite
        toutes.append(
            PartMembre(
                siren=part.membre,
                nom=monde.membres.get(part.membre, part.membre),
                depense_actuelle=part.depense_actuelle,
                gain_brut=part.gain_brut,
                frais=part.frais,
                evite=evite,
                gain_net=net,
                phrase=_phrase(part.gain_brut, part.frais, evite, net),
            )
        )
    return tuple(sorted(toutes, key=lambda p: (-(p.gain_net or Decimal(0)), p.nom)))


def _phrase(brut: Decimal, frais: Decimal, evite: Decimal, net: Decimal) -> str:
    evitee = f" et une procédure évitée ({euros_ronds(evite)})" if evite else ""
    if net < 0:
        cause = "paie déjà un bon prix" if brut <= 0 else "gagne moins que sa part de frais"
        return f"Perdrait {euros_estimes(-net)} par an : {cause}, pour {euros_estimes(frais)} de frais{evitee}."
    return f"Gagnerait {euros_estimes(net)} par an, après {euros_estimes(frais)} de frais{evitee}."


def montrer(opportunite: Opportunite, monde: Monde, portee: Portee, au: date) -> Opportunite | None:
    """The opportunité as this reader may see it, or None when its totals would tell her of one membre (`analytics.diffusion`)."""
    if portee.tout:
        return replace(opportunite, alertes_membre=alertes(opportunite, monde, portee, au))
    regle = diffusion.regles(au)
    caches = [part.depense_actuelle or Decimal(0) for part in opportunite.membres if not portee.peut_lire(part.siren)]
    dominante = float(max(caches) / sum(caches)) if sum(caches) else None
    effectif = Effectif(opportunite.nb_membres, opportunite.gain.nb_lignes, opportunite.nb_fournisseurs)
    verrous = (diffusion.motif_verrou(portee, famille) for famille in opportunite.familles)
    if any(verrous) or diffusion.motif_somme(regle, effectif, len(caches), dominante):
        return None
    arrondie = _round(opportunite, regle.chiffres_totaux)
    return replace(arrondie, membres=masquer(opportunite.membres, portee), alertes_membre=alertes(opportunite, monde, portee, au))


def _round(opportunite: Opportunite, chiffres: int) -> Opportunite:
    """Totals to a few significant figures: from one deposit to the next, an exact total would give the newcomer away."""

    def rond(montant: Decimal) -> Decimal:
        return diffusion.arrondir(montant, chiffres)

    gain = opportunite.gain
    gain = replace(gain, brut_bas=rond(gain.brut_bas), brut_central=rond(gain.brut_central), brut_haut=rond(gain.brut_haut))
    gain = with_phrase(replace(gain, evite=rond(gain.evite), part_couverte=gain.part_couverte.quantize(Decimal("0.01"))))
    voie = opportunite.procedure
    estime, maximum = rond(opportunite.montant_estime_ht), rond(opportunite.maximum_ht)
    if voie is not None:
        ronde = procedure(estime, voie.nature, voie.au, maximum_ht=maximum)
        if ronde.genre is voie.genre:  # near a threshold the exact amount decides, and is then needed to explain it
            voie = replace(ronde, petits_lots=voie.petits_lots, alertes=voie.alertes)
        else:
            estime, maximum = opportunite.montant_estime_ht, opportunite.maximum_ht
    depense = rond(opportunite.depense_annuelle_ht)
    return replace(opportunite, gain=gain, depense_annuelle_ht=depense, montant_estime_ht=estime, maximum_ht=maximum, procedure=voie)


def masquer(membres: tuple[PartMembre, ...], portee: Portee) -> tuple[PartMembre, ...]:
    """Hide the figures of membres the reader may not read."""
    vues = [part if portee.peut_lire(part.siren) else _cacher(part) for part in membres]
    # Hidden parts go last in alphabetical order: their rank would say who gains more.
    return tuple(sorted(vues, key=lambda part: (part.motif_absence is not None, part.nom if part.motif_absence else "")))


def _cacher(part: PartMembre) -> PartMembre:
    return replace(
        part, depense_actuelle=None, gain_brut=None, frais=None, evite=None, gain_net=None, phrase=RESERVE, motif_absence=RESERVE
    )


def alertes(opportunite: Opportunite, monde: Monde, portee: Portee, au: date) -> tuple[str, ...]:
    """Private to the reader's own membre: its purchases of one famille that go over the dispense on twelve months."""
    if portee.membre is None or opportunite.nature == "travaux":
        return ()
    seuil = valeur("seuils/dispense_fournitures_services", au)
    trouvees = []
    for code in opportunite.familles:
        montant = sum((ligne.montant for ligne in monde.lignes if (ligne.membre, ligne.famille) == (portee.membre, code)), Decimal(0))
        if montant >= seuil:
            trouvees.append(
                f"Vos achats de « {monde.familles[code].libelle} » atteignent {euros_ronds(montant)} HT sur douze mois, au-delà du seuil "
                f"de dispense ({euros_ronds(seuil)} HT) : des achats séparés exposeraient à un reproche de fractionnement "
                "(CCP, articles R. 2121-6 et R. 2122-8)."
            )
    return tuple(trouvees)
