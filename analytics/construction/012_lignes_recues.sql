-- The figures of the lines read, each with its combination.
-- Grain: one retained line; in the order of dépôts.
INSERT INTO socle.lignes_recues
SELECT
    l.depot,
    l.origine,
    l.ligne,
    l.nature,
    l.membre,
    l.date,
    l.quantite,
    l.prix_unitaire_ht,
    l.montant_ht,
    l.montant_ttc,
    l.taux_tva,
    l.code_cpv,
    l.empreinte,
    l.decision_prix,
    c.combinaison
FROM lignes_lues AS l
INNER JOIN reprise.combinaisons AS c
    ON
        c.est_mandat IS NOT DISTINCT FROM (l.nature = 'mandat')
        AND l.libelle IS NOT DISTINCT FROM c.libelle
        AND l.reference IS NOT DISTINCT FROM c.reference
        AND l.gtin IS NOT DISTINCT FROM c.gtin
        AND l.fournisseur IS NOT DISTINCT FROM c.fournisseur
        AND l.fournisseur_siret IS NOT DISTINCT FROM c.fournisseur_siret
        AND l.unite IS NOT DISTINCT FROM c.unite
        AND l.compte IS NOT DISTINCT FROM c.compte
        AND l.famille IS NOT DISTINCT FROM c.famille
        AND l.famille_confiance IS NOT DISTINCT FROM c.famille_confiance
        AND l.famille_motif IS NOT DISTINCT FROM c.famille_motif
        AND l.famille_de_ligne IS NOT DISTINCT FROM c.famille_de_ligne
        AND l.contenu_quantite IS NOT DISTINCT FROM c.contenu_quantite
        AND l.contenu_unite IS NOT DISTINCT FROM c.contenu_unite
        AND l.contenu_derivation IS NOT DISTINCT FROM c.contenu_derivation
        AND l.contenu_approx IS NOT DISTINCT FROM c.contenu_approx
        AND l.contenu_confiance IS NOT DISTINCT FROM c.contenu_confiance
        AND l.contenu_motif IS NOT DISTINCT FROM c.contenu_motif
        AND l.attributs IS NOT DISTINCT FROM c.attributs
