"""Say what lines of purchase mean together: articles, fournisseurs, prices, besoins, opportunités, groupements, acts.

Reads the published lines and the decisions of people as plain data; knows no web page, no account, no request.
"""
