"""How the sample data are made: what is bought, how it is written down, in which files, and the truth of each line."""
