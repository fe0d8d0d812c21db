-- The retained lines of the dépôts to read, with what people decided of each: `famille_de_ligne`, `decision_prix` (« inclure » or « exclure »).
-- Grain: one retained line. Temporary view; `changements` holds the lines that earlier or later dépôts of the membre set aside.
CREATE TEMPORARY VIEW lignes_lues AS
SELECT
    l.depot,
    l.origine,
    l.ligne,
    l.nature,
    l.membre,
    l.date,
    l.fournisseur,
    l.fournisseur_siret,
    l.libelle,
    l.reference,
    l.gtin,
    l.quantite,
    l.unite,
    l.prix_unitaire_ht,
    l.montant_ht,
    l.montant_ttc,
    l.taux_tva,
    l.compte,
    l.code_cpv,
    l.famille,
    l.famille_confiance,
    l.famille_motif,
    l.contenu_quantite,
    l.contenu_unite,
    l.contenu_derivation,
    l.contenu_approx,
    l.contenu_confiance,
    l.contenu_motif,
    l.attributs,
    l.empreinte,
    d.famille AS famille_de_ligne,
    d.sens AS decision_prix
FROM fichiers_lus AS l
LEFT JOIN reprise.decisions_de_lignes AS d
    ON l.empreinte = d.empreinte
ANTI JOIN changements AS c
    ON l.depot = c.depot AND l.empreinte = c.empreinte
WHERE l.statut = 'retenue'
