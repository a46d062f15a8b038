// What the pages gain from a script. It never sends, saves, hides or counts; without it all works.
"use strict";
(() => {
  const all = (what, within = document) => [...within.querySelectorAll(what)];

  // A refused form: the keyboard and the screen reader start at the summary.
  document.querySelector(".errors")?.focus();

  // Objecting: the field for the reasons opens.
  document.addEventListener("change", ({ target }) => {
    if (target.type === "radio" && target.value === "object" && target.checked) {
      const reasons = target.closest(".item")?.querySelector("details.cmt");
      if (reasons) reasons.open = true;
    }
  });

  // Beside the button: how many items have no position yet.
  for (const place of all("[data-more]")) {
    const form = place.closest("form");
    const words = JSON.parse(place.dataset.more);
    const say = () => {
      const groups = all("[role=radiogroup]", form);
      const blank = groups.filter((group) => !all("input:checked", group).some((box) => box.value));
      place.textContent = words[blank.length] ?? "";
    };
    form.addEventListener("change", say);
    say();
  }

  // Leaving with unsent changes: the browser asks.
  let unsent = false;
  document.addEventListener("input", ({ target }) => {
    if (target.form?.hasAttribute("data-unsent")) unsent = true;
  });
  document.addEventListener("submit", () => { unsent = false; });
  addEventListener("beforeunload", (leaving) => { if (unsent) leaving.preventDefault(); });

  // The time left, from the server's clock and the server's deadline.
  const language = document.documentElement.lang;
  const unit = (number, name) => new Intl.NumberFormat(
    language, { style: "unit", unit: name, unitDisplay: "long", numberingSystem: "latn" }
  ).format(number);
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const loaded = performance.now();
  const spell = (seconds) => {
    const at = Math.max(0, units.findIndex(([, size]) => seconds >= size));
    const [name, size] = units[seconds < 1 ? 3 : at];
    const said = [unit(Math.floor(seconds / size), name)];
    const [finer, smaller] = units[at + 1] ?? [];
    const rest = Math.floor((seconds % size) / smaller);
    if (smaller >= 60 && rest) said.push(unit(rest, finer));
    return said;
  };
  for (const place of all("[data-closes]")) {
    const { closes, now, form, join } = place.dataset;
    const tick = () => {
      const passed = (performance.now() - loaded) / 1000;
      const seconds = Math.floor((Date.parse(closes) - Date.parse(now)) / 1000 - passed);
      place.textContent = form.replace("{}", spell(Math.max(0, seconds)).join(join));
    };
    setInterval(tick, 1000);
  }

  // A fingerprint can be copied.
  for (const print of all("[data-copy]")) {
    if (!navigator.clipboard) break;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = print.dataset.words;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(print.dataset.copy);
      button.textContent = print.dataset.done;
    });
    print.after(" ", button);
  }
})();
