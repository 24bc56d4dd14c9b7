"use strict";
// The sheet of *Balansavstämning*: keys in the amounts, and rows that are saved while the next one is typed. Without
// any of this the sheet is a form with one button.
(() => {
  const rowOf = (each) => each?.closest?.("tr[data-account]");
  const isAmount = (each) => each?.matches?.("tr[data-account] input.amount");
  const say = (text) => { const said = document.getElementById("said"); if (said) said.textContent = text; };
  const said = (name) => document.getElementById("said")?.dataset[name] ?? "";
  const save = (field) => field.dispatchEvent(new Event("change", {bubbles: true}));
  const booking = new Set();

  const go = (field) => { field.focus(); field.select(); field.scrollIntoView({block: "nearest"}); };
  const step = (field, by) => {
    const fields = [...document.querySelectorAll("tr[data-account] input.amount")];
    const next = fields[fields.indexOf(field) + by];
    if (next) go(next); // leaving the field is what saves it
    else if (field.value !== field.dataset.kept) save(field);
  };
  const takeBack = (field) => {
    field.value = field.dataset.kept;
    field.select();
    if (field.defaultValue !== field.dataset.kept) save(field); // and what was said of it goes
  };
  const book = (row) => {
    const link = row.querySelector("a.book");
    if (link) location.assign(link.href);
    else say(said("even"));
  };

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!isAmount(field) || event.isComposing || event.altKey) return;
    const held = event.ctrlKey || event.metaKey;
    const row = rowOf(field);
    if (event.key === "Enter" && held) {
      if (field.value === field.dataset.kept) book(row);
      else { booking.add(row.id); save(field); }
    } else if (held || event.shiftKey && event.key !== "=") return;
    else if (event.key === "Enter" || event.key === "ArrowDown") step(field, 1);
    else if (event.key === "ArrowUp") step(field, -1);
    else if (event.key === "Escape") takeBack(field);
    else if (event.key === "=") { field.value = row.dataset.closing; save(field); }
    else return;
    event.preventDefault();
  });

  // A row that waited for its turn is sent with the version that the save before it has made.
  document.addEventListener("htmx:before:request", (event) => {
    const {ctx} = event.detail;
    const row = rowOf(ctx.sourceElement);
    if (!row || !(ctx.request.body instanceof URLSearchParams)) return;
    const version = row.querySelector("input[name^=version-]");
    ctx.request.body.set(version.name, version.value);
    for (const each of row.querySelectorAll("[name]")) each.sent = each.value;
  });
  // What is no row is not put in its place: the session has ended, or the program has a fault.
  document.addEventListener("htmx:after:request", (event) => {
    const {ctx} = event.detail;
    if (!rowOf(ctx.sourceElement) || ctx.text.trimStart().startsWith("<tr")) return;
    event.preventDefault();
    if (ctx.response.status === 403) location.reload();
    else say(said("failed"));
  });
  document.addEventListener("htmx:error", (event) => { if (rowOf(event.detail.ctx?.sourceElement)) say(said("failed")); });

  // A field shows what was kept; one in which somebody types on, what is typed.
  const settled = (row) => {
    for (const each of row.querySelectorAll("[name]")) {
      if (each.type === "checkbox") each.checked = each.defaultChecked;
      else if (each.matches("select")) for (const one of each.options) one.selected = one.defaultSelected;
      else if (each !== document.activeElement || each.value === each.sent) each.value = each.defaultValue;
    }
    row.querySelector("[autofocus]")?.focus();
  };
  document.addEventListener("htmx:finally:request", (event) => {
    const {ctx} = event.detail;
    const row = rowOf(ctx.sourceElement);
    if (!row?.isConnected) return;
    if (ctx.status === "swapped") settled(row);
    if (booking.delete(row.id) && ctx.response?.status === 200) book(row);
  });

  // Back from the closing entry of a difference, one goes on where one was. The browser itself only scrolls there.
  const arrive = () => {
    const row = location.hash.startsWith("#account-") && document.getElementById(location.hash.slice(1));
    const field = row && row.querySelector("input.amount");
    if (field) go(field);
  };
  window.addEventListener("pageshow", arrive);
})();
