// Small comforts. Every page works without this file.
"use strict";

// Drop files anywhere on the frame: they go into the ordinary file field of the form.
for (const cadre of document.querySelectorAll("[data-glisser]")) {
  const champ = cadre.querySelector("input[type=file]");
  const mark = (dessus) => (event) => { event.preventDefault(); cadre.classList.toggle("dessus", dessus); };
  cadre.addEventListener("dragover", mark(true));
  cadre.addEventListener("dragleave", mark(false));
  cadre.addEventListener("drop", (event) => {
    mark(false)(event);
    if (!event.dataTransfer.files.length) return;
    champ.files = event.dataTransfer.files;
    champ.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// Too large a file is said before minutes of sending, not after (the service refuses it too).
document.addEventListener("change", (event) => {
  const champ = event.target.closest("input[type=file][data-taille-max]");
  if (!champ) return;
  const lourd = [...champ.files].find((fichier) => fichier.size > Number(champ.dataset.tailleMax));
  champ.setCustomValidity(lourd ? `« ${lourd.name} » ${champ.dataset.tropGros}` : "");
  if (lourd) champ.reportValidity();
});

// One keystroke per decision on pages that say so: the key clicks the button that shows it.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea")) return;
  const bouton = document.querySelector(`button[data-touche="${CSS.escape(event.key.toLowerCase())}"]`);
  if (bouton) { event.preventDefault(); bouton.click(); }
});

// Choosing in a form that says so sends it at once.
document.addEventListener("change", (event) => {
  const formulaire = event.target.closest("form[data-envoi-immediat]");
  if (formulaire && event.target.matches("select")) formulaire.requestSubmit();
});

// A long work just ended: show the page with its result.
document.addEventListener("htmx:after:swap", () => {
  const suite = document.querySelector("[data-aller-a]");
  if (suite) window.location.assign(suite.dataset.allerA);
});

// The code of an invitation stands after the « # » of its address, which is never sent: into its field, and out of the history.
for (const champ of document.querySelectorAll("[data-depuis-adresse]")) {
  if (location.hash.length < 2 || champ.value) continue;
  champ.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}
