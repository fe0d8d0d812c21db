"""Turn what a town hall sends into lines of purchase: everything one line says by itself.

Public: `ingest.vocabulaire`, `ingest.schema`, `ingest.anomalies`, `ingest.erreurs`, `ingest.chaine`, `ingest.publication`,
`ingest.quantites`, `ingest.familles`, `ingest.fournisseurs`. Anything else is private to this package.
This package knows no other member, no price of anybody else, no web and no database: a file in, typed lines out.
"""
