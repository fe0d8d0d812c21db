"""Why a line or a membre is left out of prices, said in French: nothing is set aside without its sentence."""

from collections.abc import Mapping

MOTIFS: Mapping[str, str] = {
    "mandat": "c'est un mandat : il donne un montant sans quantité, il ne fait pas de prix",
    "frais_annexes": "c'est un port, une remise, une consigne ou des frais : cela compte dans la dépense, sans faire de prix",
    "sans_article": "cette ligne n'est rapprochée d'aucun article",
    "sans_montant_ht": "le montant hors taxes manque, et le taux de TVA qui permettrait de le calculer aussi",
    "sans_quantite": "la quantité manque",
    "conditionnement_a_preciser": "le conditionnement est à préciser : on ne sait pas ce que contient une unité",
    "unite_incompatible": "cette ligne n'est pas dans l'unité où l'article est comparé",
    "montant_ou_quantite_nuls": "le montant ou la quantité est nul",
    "signes_opposes": "la quantité et le montant sont de signes opposés",
    "exclue_par_decision": "une personne a décidé d'écarter ce prix",
    "exclu_par_decision": "une personne a décidé d'écarter ce prix",
    "conversion_approchee": "la conversion dans l'unité de référence est approchée : elle n'est pas mêlée aux prix exacts",
    "prix_aberrant": "ce prix est trop loin de ceux des autres pour être comparé ; il peut être repris d'un clic s'il est juste",
    "quantite_nette_nulle": "une fois les avoirs déduits, il ne reste ni quantité ni montant",
}
