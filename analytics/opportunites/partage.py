"""Give each membre its part of an opportunité, and hide from a reader those she may not read, and what would give them back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from analytics.opportunites.gains import Bilan
from analytics.opportunites.lecture import Monde
from analytics.opportunites.modele import Opportunite, PartMembre
from analytics.parametres import valeur
from analytics.portee import Portee
from analytics.typographie import euros_estimes, euros_ronds

RESERVE = "Réservé à ce membre et aux personnes qu’il a autorisées."
COMPLEMENT = "Masqué : ce chiffre révélerait par différence celui d’un autre membre."


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
        return f"Perdrait {euros_estimes(-net)} par an : {cause}, pour {euros_ronds(frais)} de frais{evitee}."
    return f"Gagnerait {euros_estimes(net)} par an, après {euros_ronds(frais)} de frais{evitee}."


def masquer(membres: tuple[PartMembre, ...], portee: Portee) -> tuple[PartMembre, ...]:
    """Hide the figures of membres the reader may not read; when one alone would be hidden, hide a second, the smallest spender."""
    caches = {part.siren for part in membres if not portee.peut_lire(part.siren)}
    complements: set[str] = set()
    if len(caches) == 1:
        autres = [part for part in membres if part.siren not in caches and part.siren != portee.membre]
        if autres:
            complements = {min(autres, key=lambda part: part.depense_actuelle or Decimal(0)).siren}
    vues = [
        _cacher(part, RESERVE if part.siren in caches else COMPLEMENT) if part.siren in caches | complements else part for part in membres
    ]
    # Hidden parts go last in alphabetical order: their rank would say who gains more.
    return tuple(sorted(vues, key=lambda part: (part.motif_absence is not None, part.nom if part.motif_absence else "")))


def _cacher(part: PartMembre, motif: str) -> PartMembre:
    return replace(part, depense_actuelle=None, gain_brut=None, frais=None, evite=None, gain_net=None, phrase=motif, motif_absence=motif)


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
