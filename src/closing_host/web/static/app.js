"use strict";
// What the pages need beyond htmx. Without any of this everything still works by links, forms and reloading.

// Files may be dropped anywhere: the page's hidden form takes them and is sent as if they had been chosen.
let inside = 0;
const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
const dropForm = () => document.getElementById("drop");
const showDrop = (show) => { const form = dropForm(); if (form) form.hidden = !show; };
document.addEventListener("dragenter", (event) => { if (holdsFiles(event)) { inside += 1; showDrop(true); } });
document.addEventListener("dragleave", (event) => { if (holdsFiles(event)) { inside = Math.max(0, inside - 1); if (!inside) showDrop(false); } });
document.addEventListener("dragover", (event) => { if (holdsFiles(event)) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  const form = dropForm();
  if (!holdsFiles(event) || !form) return;
  event.preventDefault();
  inside = 0;
  if (!event.dataTransfer.files.length) { showDrop(false); return; }
  form.elements.file.files = event.dataTransfer.files;
  form.requestSubmit();
});

// A file that is too large is told before it is sent.
const tooLarge = (form) => {
  const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  const found = files.some((file) => file.size > Number(form.dataset.most));
  form.querySelector("[data-too-large]").hidden = !found;
  return found;
};
document.addEventListener("change", (event) => { const form = event.target.form; if (form?.dataset.most) tooLarge(form); });
document.addEventListener("submit", (event) => {
  if (!event.target.dataset.most || !tooLarge(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
dropForm()?.addEventListener("click", () => { showDrop(false); });

// "Select all", and buttons that need something selected.
const boxes = (name) => [...document.querySelectorAll(`input[type=checkbox][name="${name}"]`)];
const refresh = () => {
  for (const button of document.querySelectorAll("[data-needs]")) button.disabled = !boxes(button.dataset.needs).some((box) => box.checked);
  for (const all of document.querySelectorAll("[data-select-all]")) {
    const own = boxes(all.dataset.selectAll);
    all.checked = own.length > 0 && own.every((box) => box.checked);
    all.indeterminate = !all.checked && own.some((box) => box.checked);
  }
};
document.addEventListener("change", (event) => {
  const all = event.target.dataset?.selectAll;
  if (all) for (const box of boxes(all)) box.checked = event.target.checked;
  if (event.target.dataset?.submit !== undefined) event.target.form.requestSubmit();
  refresh();
});
document.addEventListener("htmx:after:swap", refresh);
document.addEventListener("DOMContentLoaded", refresh);
document.addEventListener("pageshow", refresh);

// A form is sent once: a second press does nothing until the page has changed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});
window.addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

document.addEventListener("click", (event) => {
  const closer = event.target.closest?.("[data-close]");
  if (closer) closer.closest(closer.dataset.close).remove();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { showDrop(false); document.querySelector("#vouchers article")?.remove(); }
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea")) return;
  const search = document.querySelector('[data-focus-key="/"]');
  if (search) { event.preventDefault(); search.focus(); search.select(); }
});
