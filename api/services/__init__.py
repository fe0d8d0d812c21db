"""The use cases: what people can do, without a page and without a command line.

Each takes the `Maison` and the `Visiteur`, checks what the visitor may do, changes the club store in one transaction and writes one
line of journal. A refusal is an `ingest.erreurs.Refus` whose sentence is shown as it is.
"""
