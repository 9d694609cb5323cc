// Forms work without this file: it hides questions that are not asked, adds and removes rows without
// a new page, and saves drafts while somebody types.
"use strict";
(() => {
  const WAIT_MS = 1500, MAX_WAIT_MS = 60000;
  const form = document.querySelector("form.form");
  if (!form) return;
  const status = form.querySelector(".draft-status");

  const values = (name) => {
    const found = [];
    for (const field of form.elements) {
      if (field.name !== name) continue;
      if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
      found.push(field.value);
    }
    return found;
  };

  const ask = () => {
    for (const question of form.querySelectorAll("[data-only-if]")) {
      const on = [...form.elements].find((field) => field.name === question.dataset.onlyIf);
      const above = on && on.closest(".question");
      const asked = values(question.dataset.onlyIf).includes(question.dataset.onlyIfValue);
      question.hidden = !asked || Boolean(above && above.hidden);
      const condition = question.querySelector(".condition");
      if (condition) condition.hidden = true;
    }
  };

  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(4));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const numberRows = (table) => {
    const rows = table.querySelectorAll(".rows > .row");
    rows.forEach((row, index) => {
      for (const number of row.querySelectorAll(".number")) number.textContent = String(index + 1);
    });
    const add = table.querySelector("button.add");
    if (add) add.hidden = rows.length >= Number(table.dataset.most);
  };

  const addRow = (table) => {
    const row = table.querySelector("template").content.firstElementChild.cloneNode(true);
    const id = newId();
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const attribute of [...element.attributes]) {
        if (attribute.value.includes("neue-zeile")) attribute.value = attribute.value.replaceAll("neue-zeile", id);
      }
    }
    table.querySelector(".rows").append(row);
    numberRows(table);
    ask();
    row.querySelector("input:not([type=hidden]), select, textarea").focus();
  };

  const removeRow = (row) => {
    const table = row.closest(".table");
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    numberRows(table);
    (next || table).focus();
    changed();
  };

  let timer = 0, wait = WAIT_MS, sending = false, dirty = false, stopped = !form.dataset.draft;

  const showMistakes = (mistakes) => {
    const before = new Set(form.querySelectorAll("[data-draft-error]"));
    for (const { id, detail } of mistakes) {
      const place = document.getElementById(id + "-fehler");
      if (!place || document.activeElement === document.getElementById(id)) continue;
      place.textContent = detail;
      place.hidden = false;
      place.dataset.draftError = "";
      before.delete(place);
    }
    for (const place of before) {
      place.hidden = true;
      place.textContent = "";
      delete place.dataset.draftError;
    }
  };

  const say = (text) => {
    if (status && status.textContent !== text) status.textContent = text;
  };

  const save = async (keepalive) => {
    if (stopped || sending || !dirty) return;
    sending = true;
    dirty = false;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "X-CSRF-Token": form.elements.csrf.value, Accept: "application/json" },
        credentials: "same-origin",
        keepalive,
      });
      if (answer.status === 401) {
        stopped = true;
        say("Sie sind nicht mehr angemeldet. Bitte öffnen Sie den Link aus Ihrer E-Mail in einem neuen Fenster; Ihre Eingaben bleiben hier stehen.");
        return;
      }
      const json = (answer.headers.get("Content-Type") || "").includes("json");
      const told = json ? await answer.json() : { message: "Gerade nicht gespeichert. Wir versuchen es gleich noch einmal." };
      if (told.revision !== undefined) form.elements.revision.value = String(told.revision);
      if (told.stopped) stopped = true;
      showMistakes(told.mistakes || []);
      say(told.message);
      wait = WAIT_MS;
      if (!json) again();
    } catch {
      say("Gerade keine Verbindung. Wir versuchen es gleich noch einmal.");
      again();
    } finally {
      sending = false;
      if (dirty) later(wait);
    }
  };

  const again = () => {
    dirty = true;
    wait = Math.min(wait * 2, MAX_WAIT_MS);
  };
  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  };
  const changed = () => {
    if (stopped) return;
    dirty = true;
    later(wait);
  };

  form.addEventListener("input", () => { ask(); changed(); });
  form.addEventListener("change", () => { ask(); changed(); });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.classList.contains("add")) {
      event.preventDefault();
      addRow(button.closest(".table"));
    } else if (button.classList.contains("remove")) {
      event.preventDefault();
      removeRow(button.closest(".row"));
    }
  });
  form.addEventListener("submit", (event) => {
    if (sending) {
      // The answer of the draft has the revision that this needs.
      event.preventDefault();
      const button = event.submitter;
      const poll = setInterval(() => {
        if (sending) return;
        clearInterval(poll);
        form.requestSubmit(button);
      }, 50);
      return;
    }
    stopped = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  for (const table of form.querySelectorAll(".table")) numberRows(table);
  ask();
  const summary = document.querySelector(".summary");
  if (summary) summary.focus();
})();
