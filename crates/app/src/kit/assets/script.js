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
// On narrow screens the navigation and what narrows a list begin closed; until then the style hides what is in them.
for (const [folds, width] of [[".side > details", 52], [".fold", 60]])
  for (const fold of document.querySelectorAll(folds)) {
    const narrow = matchMedia(`(max-width: ${width}rem)`), fit = () => { fold.open = !narrow.matches; };
    narrow.addEventListener("change", fit);
    fit();
    fold.dataset.ready = "";
  }
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
    for (const group of new Set(rows.map((row) => row.closest(".ticked > fieldset")))) if (group) group.hidden = !group.querySelector(".check:not([hidden])");
  });
  words.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  all.addEventListener("click", () => set(true));
  none.addEventListener("click", () => set(false));
  for (const row of rows) box(row).addEventListener("change", count);
  tools.hidden = false;
  count();
}
// While something is typed, the server is asked about it: once it is typed no more, and about the latest alone.
function asking(field, address, answer) {
  let wait, running;
  const stop = () => { clearTimeout(wait); running?.abort(); };
  field.addEventListener("input", () => {
    stop();
    if (!field.value.trim()) return answer(null);
    wait = setTimeout(async () => {
      const { signal } = (running = new AbortController());
      try {
        const said = await fetch(address(), { signal, redirect: "error", headers: { accept: "application/json" } });
        answer(said.ok ? await said.json() : null);
      } catch (error) { if (error.name !== "AbortError") answer(null); }
    }, 150);
  });
  return stop;
}
const made = (name, attributes = {}, ...content) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
};
const query = (field, name) => new URLSearchParams({ [name]: field.value });
for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
// What its form would say of a field.
for (const field of document.querySelectorAll("[data-check]")) {
  const said = made("p", { id: `${field.id}-said`, role: "status" });
  field.after(said);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${said.id}`.trim());
  asking(field, () => `${field.dataset.check}?${query(field, field.name)}`, (remark) => {
    said.textContent = remark?.said ?? "";
    said.className = remark?.good ? "fits" : "error";
  });
}
// What is picked becomes a checked box, or a line of a text.
function take(into, { id, name, line, value }) {
  if (into.localName === "textarea") { into.value = `${into.value.trimEnd()}\n${value}\n`.trimStart(); return; }
  let box = [...into.querySelectorAll("input")].find((box) => box.value === id);
  if (!box) {
    const at = `user-${id}`;
    box = made("input", { type: "checkbox", id: at, name: "user", value: id, "aria-describedby": `${at}-help` });
    const label = made("div", {}, made("label", { for: at }, name), made("p", { class: "help", id: `${at}-help` }, line));
    made("div", { class: "check" }, box, label);
  }
  into.querySelector("legend").after(box.closest(".check"));
  box.checked = true;
  into.hidden = false;
}
// Suggestions: a combobox as WAI-ARIA has it.
for (const field of document.querySelectorAll("[data-suggest]")) {
  const id = `${field.id}-suggested`, said = made("span", { class: "unseen", role: "status" });
  const list = made("ul", { id, class: "suggested", role: "listbox", "aria-label": field.labels[0].textContent, hidden: "" });
  // What is shown is about what was typed before, until the next answer.
  let items = [], options = [], at = -1, stale = false;
  field.after(list, said);
  field.parentElement.classList.add("suggests");
  for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off" })) field.setAttribute(key, value);
  const choose = (next) => {
    options[at]?.setAttribute("aria-selected", "false");
    at = next;
    options[at]?.setAttribute("aria-selected", "true");
    options[at]?.scrollIntoView({ block: "nearest" });
    if (options[at]) field.setAttribute("aria-activedescendant", options[at].id); else field.removeAttribute("aria-activedescendant");
  };
  const open = (on) => {
    list.hidden = !on;
    field.setAttribute("aria-expanded", String(on));
    if (!on) choose(-1);
    // Below the field, as wide as it, or as can be read.
    const box = field.getBoundingClientRect(), width = Math.min(Math.max(box.width, 320), innerWidth - 32);
    const left = field.offsetLeft + Math.min(0, innerWidth - 16 - width - box.left);
    Object.assign(list.style, { left: `${left}px`, top: `${field.offsetTop + field.offsetHeight}px`, width: `${width}px` });
  };
  const pick = (item) => {
    if (item.off) return;
    stop();
    open(false);
    if (item.href) { location.assign(item.href); return; }
    const into = field.dataset.into && document.getElementById(field.dataset.into);
    field.value = into ? "" : item.value;
    if (into) { take(into, item); said.textContent = field.dataset.added.replace("#", item.name); }
  };
  const option = ({ name, line, kind, picture, off }, number) => {
    const row = made("li", { id: `${id}-${number}`, role: "option", "aria-selected": "false" });
    if (picture) row.append(made("img", { class: "logo", src: picture, alt: "", width: "32", height: "32" }));
    row.append(made("div", {}, made("strong", {}, name), made("span", { class: "help" }, line)));
    if (kind) row.append(made("span", { class: "help" }, kind));
    if (off) row.setAttribute("aria-disabled", "true");
    return row;
  };
  field.addEventListener("input", () => { stale = true; choose(-1); });
  const stop = asking(field, () => `${field.dataset.suggest}?${query(field, "q")}`, (answer) => {
    stale = false;
    items = answer?.items ?? [];
    options = items.map(option);
    at = -1;
    list.replaceChildren(...options);
    said.textContent = answer?.said ?? "";
    open(items.length > 0 && document.activeElement === field);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || !items.length || (stale && event.key !== "Escape")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      if (list.hidden) open(true);
      choose(at < 0 && step < 0 ? items.length - 1 : (at + step + items.length) % items.length);
    } else if (list.hidden) return;
    else if (event.key === "Escape") open(false);
    else if (event.key === "Enter" && at >= 0) pick(items[at]);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", () => open(false));
  // The field keeps the focus while something is pressed.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const pressed = options.indexOf(event.target.closest("[role=option]"));
    if (pressed >= 0 && !stale) pick(items[pressed]);
  });
}
// The key that leads to the search of everything, but for who is typing.
for (const field of document.querySelectorAll("[data-key]")) {
  field.form.querySelector("kbd").hidden = false;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select"), held = event.ctrlKey || event.metaKey || event.altKey;
    if (event.key !== field.dataset.key || typing || held) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
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
