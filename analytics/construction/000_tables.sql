-- What lines are made of, empty: `lignes_recues` holds the figures of each retained line, `reprise.combinaisons` once for all what it says in
-- words. The base (`socle`) holds most lines and is never written again; `reprise` holds those read since, and says what they make stale.
CREATE TABLE reprise.combinaisons (
    combinaison INTEGER,
    est_mandat BOOLEAN,
    libelle VARCHAR,
    reference VARCHAR,
    gtin VARCHAR,
    fournisseur VARCHAR,
    fournisseur_siret VARCHAR,
    unite VARCHAR,
    compte VARCHAR,
    famille VARCHAR,
    famille_confiance DOUBLE,
    famille_motif VARCHAR,
    famille_de_ligne VARCHAR,
    contenu_quantite DECIMAL(18, 6),
    contenu_unite VARCHAR,
    contenu_derivation VARCHAR,
    contenu_approx BOOLEAN,
    contenu_confiance DOUBLE,
    contenu_motif VARCHAR,
    attributs VARCHAR
);
CREATE TABLE socle.lignes_recues (
    depot VARCHAR,
    origine VARCHAR,
    ligne BIGINT,
    nature VARCHAR,
    membre VARCHAR,
    date DATE,
    quantite DECIMAL(18, 4),
    prix_unitaire_ht DECIMAL(18, 6),
    montant_ht DECIMAL(18, 2),
    montant_ttc DECIMAL(18, 2),
    taux_tva DECIMAL(5, 2),
    code_cpv VARCHAR,
    empreinte VARCHAR,
    decision_prix VARCHAR,
    combinaison INTEGER
);
CREATE TABLE reprise.lignes_recues AS
SELECT l.*
FROM socle.lignes_recues AS l;
CREATE TABLE reprise.depots_masques (depot VARCHAR);
CREATE TABLE reprise.paires_masquees (article_id VARCHAR, membre VARCHAR)
