"""Small nasty files, one difficulty each, made for this project; every supplier, price and invoice in them is invented."""
