"""Read a received file, whatever it is, into tables of text with the line numbers the person sees."""
