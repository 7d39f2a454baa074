// Keys, copying the permalink, and how the pages look; everything else works without.

const find = (selector) => document.querySelector(selector);
const help = find("#help");
const rows = () => [...document.querySelectorAll("tbody th[scope=row] > a, .decision")];
const say = (sentence) => { find(".said").textContent = sentence; };

function keysAreOn() {
  return localStorage.getItem("whyfolio_keys") !== "off";
}

function move(step) {
  const all = rows();
  const now = all.findIndex((row) => row.contains(document.activeElement) || row === document.activeElement);
  const next = all[now < 0 ? (step > 0 ? 0 : all.length - 1) : now + step];
  if (!next) return;
  next.focus({ preventScroll: true, focusVisible: true });
  next.scrollIntoView({ block: "center", behavior: "auto" });
}

const KEYS = {
  "/": () => find("input[type=search]")?.focus(),
  j: () => move(1),
  k: () => move(-1),
  Enter: () => document.activeElement.matches(".decision") && document.activeElement.querySelector("a")?.click(),
  t: () => find("[data-live]")?.click(),
  "?": () => help?.showModal(),
};

function pressed(event) {
  const typing = event.target.closest("input, select, textarea, dialog, [contenteditable]");
  const opening = event.key === "Enter" && !event.target.matches(".decision");
  if (typing || opening || event.ctrlKey || event.metaKey || event.altKey || !keysAreOn()) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

async function copied(event) {
  if (!navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const link = event.currentTarget;
  try {
    await navigator.clipboard.writeText(link.href);
    say("The permalink is copied; it shows the same for ever.");
    link.textContent = "Copied";
    setTimeout(() => { link.textContent = "Copy permalink"; }, 2000);
  } catch {
    location.assign(link.href);
  }
}

function closeOthers(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

function setUpHelp() {
  const theme = find("#theme");
  const keys = find("#single-keys");
  const button = find("[data-help]");
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
  theme.value = document.documentElement.dataset.theme ?? "";
  theme.addEventListener("change", () => {
    const age = theme.value ? 31536000 : 0;
    document.cookie = `whyfolio_theme=${theme.value}; path=/; max-age=${age}; samesite=strict`;
    if (theme.value) document.documentElement.dataset.theme = theme.value;
    else delete document.documentElement.dataset.theme;
  });
  keys.checked = keysAreOn();
  keys.addEventListener("change", () => localStorage.setItem("whyfolio_keys", keys.checked ? "on" : "off"));
}

document.addEventListener("keydown", pressed);
document.addEventListener("click", closeOthers);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeOthers({ target: document.body }); });
find("[data-copy]")?.addEventListener("click", copied);
if (help) setUpHelp();
