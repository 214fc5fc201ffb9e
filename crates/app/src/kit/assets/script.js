// What HTML cannot do. Every page works without it.
"use strict";
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const said = button.querySelector(".unseen"), before = said.textContent;
    said.textContent = button.dataset.copied;
    said.setAttribute("role", "status");
    button.classList.add("primary");
    setTimeout(() => { said.textContent = before; button.classList.remove("primary"); }, 1500);
  });
}
for (const all of document.querySelectorAll("[data-all]")) {
  const boxes = () => all.closest("table").querySelectorAll(`input[name="${all.dataset.all}"]`);
  all.hidden = false;
  all.addEventListener("change", () => { for (const box of boxes()) box.checked = all.checked; });
}
// A menu closes as menus do.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});
// On narrow screens the navigation and what narrows a list begin closed.
for (const [folds, width] of [[".side > details", 52], [".fold", 60]])
  if (matchMedia(`(max-width: ${width}rem)`).matches)
    for (const fold of document.querySelectorAll(folds)) fold.open = false;
// Long lists of boxes are narrowed by words, chosen together and counted.
for (const tools of document.querySelectorAll("[data-boxes]")) {
  const rows = [...document.getElementById(tools.dataset.boxes).querySelectorAll(".check")];
  const box = (row) => row.querySelector("input"), shown = () => rows.filter((row) => !row.hidden);
  const [words, all, none] = tools.querySelectorAll("input, button"), said = tools.querySelector("output");
  const count = () => { said.textContent = said.dataset.said.replace("#", rows.filter((row) => box(row).checked).length); };
  const set = (on) => { for (const row of shown()) box(row).checked = on; count(); };
  words.addEventListener("input", () => {
    const asked = words.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(asked);
  });
  words.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  all.addEventListener("click", () => set(true));
  none.addEventListener("click", () => set(false));
  for (const row of rows) box(row).addEventListener("change", count);
  tools.hidden = false;
  count();
}
// What was sent is not sent twice.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
// What was typed before the session ended goes back to its page.
document.querySelector("form[data-go-on]")?.requestSubmit();
