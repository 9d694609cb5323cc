// Uploads work without this file; with it they show how far they are.
"use strict";
for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    const file = form.elements.datei.files[0];
    if (!file) return;
    event.preventDefault();
    const button = form.querySelector("button");
    const status = form.querySelector(".progress");
    const bar = document.createElement("progress");
    const text = document.createElement("span");
    bar.max = 100;
    bar.setAttribute("aria-label", "Fortschritt");
    status.replaceChildren(text, bar);
    text.textContent = "Wird hochgeladen …";
    button.disabled = true;
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (progress) => {
      if (progress.lengthComputable) bar.value = Math.round((100 * progress.loaded) / progress.total);
      if (progress.loaded === progress.total) text.textContent = "Wird geprüft …";
    });
    const failed = (message) => {
      button.disabled = false;
      const error = document.createElement("span");
      error.className = "error";
      error.textContent = message;
      status.replaceChildren(error);
      form.elements.datei.setAttribute("aria-invalid", "true");
      form.elements.datei.focus();
    };
    request.addEventListener("load", () => {
      let told = {};
      try { told = JSON.parse(request.responseText); } catch { /* a page about an error */ }
      if (told.location) { location.replace(told.location); return; }
      if (request.status === 401) failed("Sie sind nicht mehr angemeldet. Bitte öffnen Sie den Link aus Ihrer E-Mail.");
      else if (request.status === 413) failed("Die Datei ist zu groß. Erlaubt sind bis zu 10 MB.");
      else failed(told.message || "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.");
    });
    request.addEventListener("error", () => failed("Gerade keine Verbindung. Bitte versuchen Sie es noch einmal."));
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", form.elements.csrf.value);
    request.send(new FormData(form));
  });
}
