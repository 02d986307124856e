// The console works without this file. With it, what is new comes by itself; nothing takes the focus or moves what is read.
"use strict";

const $ = (id) => document.getElementById(id);
// How long from one question to the next, by how long nobody touched this page (both in ms). Whoever works here sees what
// is new within two seconds; an hour that nobody does costs less than 150 kB. Out of sight it is never often.
const PACES = [[120e3, 1700], [300e3, 10000], [1200e3, 30000], [Infinity, 60000]], HIDDEN = 30000, LONGEST = 60000;
const pace = (idle, hidden) => Math.max(PACES.find(([until]) => idle < until)[1], hidden ? HIDDEN : 0);
const ACTS = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart", "focusin"];
const AWAY = 1200e3; // a page that stands open so long is nobody who looks
let touched = Date.now();

// Asks again and again: often while somebody works, seldom when not, ever slower while there is no connection.
function poll(address, take) {
  let failures = 0, timer, asked = Date.now(), asking = false, over = false;
  const rest = () => Math.min(pace(Date.now() - touched, document.hidden) * 2 ** Math.min(failures, 3), LONGEST);
  const plan = () => { clearTimeout(timer); timer = setTimeout(ask, Math.max(asked + rest() - Date.now(), 0)); };
  async function ask() {
    if (asking || over) return;
    asking = true;
    clearTimeout(timer);
    asked = Date.now();
    try {
      const how = { redirect: "manual", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(10000) };
      const answer = await fetch(address(), how);
      if (answer.type === "opaqueredirect") { over = true; loggedOut(); return; }
      if (answer.status === 200) await take(answer);
      else if (answer.status !== 204) throw new Error(answer.status);
      failures = 0;
      tell("");
    } catch {
      failures += 1;
      tell($("link").dataset.away);
    } finally {
      asking = false;
      if (!over) plan();
    }
  }
  // A sign of somebody: what would have been asked by now at this person's pace is asked at once.
  function wake() {
    if (document.hidden) return;
    const rested = Date.now() - touched > 1000;
    touched = Date.now();
    if (rested && !asking && !over) plan();
  }
  plan();
  for (const act of ACTS) document.addEventListener(act, wake, { passive: true, capture: true });
  window.addEventListener("focus", wake);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { wake(); ask(); } });
  window.addEventListener("online", ask);
}

function tell(words) {
  if ($("link").textContent !== words) $("link").textContent = words;
}

function loggedOut() {
  const { out, login } = $("link").dataset;
  $("link").replaceChildren(`${out} `, link(login, location.pathname));
}

function link(words, href) {
  const a = document.createElement("a");
  a.href = href;
  a.textContent = words;
  return a;
}

function fragment(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

// "12 minuten" grows while the page stands open.
const UNITS = [["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];

function spans() {
  for (const time of document.querySelectorAll("time[data-span]")) {
    const passed = Math.max((Date.now() - Date.parse(time.dateTime)) / 1000, 1);
    const [unit, size] = UNITS.find(([, size]) => passed >= size) || UNITS[3];
    const count = Math.max(Math.round(passed / size), 1);
    const words = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" }).format(count);
    if (time.textContent !== words) time.textContent = words;
  }
}
setInterval(spans, 15000);

// The queue

function queue(place) {
  poll(() => `${place.dataset.url}&seen=${$("lists").dataset.seen}`, async (answer) => {
    const before = Number($("lists").dataset.waiting);
    const held = place.contains(document.activeElement) ? document.activeElement.id : "";
    place.replaceChildren(fragment(await answer.text()));
    if (held) ($(held) || $("main")).focus({ preventScroll: true });
    const now = $("lists").dataset;
    document.title = document.title.replace(/^\(\d+\) /, "").replace(/^/, now.waiting > 0 ? `(${now.waiting}) ` : "");
    $("announce").textContent = now.waiting > before ? now.new : "";
  });
}

// A case

function watch(place) {
  let cursor = place.dataset.cursor;
  const title = document.title, opened = $("stand").dataset.stand;
  document.addEventListener("visibilitychange", () => { if (!document.hidden) document.title = title; });
  const here = () => Number(Date.now() - touched < AWAY);
  poll(() => `${place.dataset.updates}?after=${cursor}&with=${$("stand").dataset.with}&here=${here()}`, async (answer) => {
    const news = await answer.json();
    if (add(news.entries) && document.hidden) document.title = `● ${title}`;
    state(news.header, opened);
    cursor = news.cursor;
  });
}

function state(html, opened) {
  const known = new Set([...document.querySelectorAll(".watches")].map((line) => line.textContent));
  $("state").replaceChildren(fragment(html));
  for (const line of document.querySelectorAll(".watches")) if (!known.has(line.textContent)) $("announce").textContent = line.textContent;
  const { words, again } = $("changed").dataset;
  $("changed").hidden = $("stand").dataset.stand === opened;
  if ($("changed").hidden || $("changed").firstChild) return;
  $("changed").replaceChildren(`${words} `, link(again, $("case").dataset.updates.replace(/\/updates$/, "")));
}

// New lines are added, known ones get their new delivery. True when somebody said something.
function add(entries) {
  const fresh = [];
  for (const { id, html } of entries) {
    const line = fragment(html).firstElementChild, known = $(`entry-${id}`);
    if (known) settle(known, line);
    else fresh.push(line);
  }
  if (fresh.length) keepPlace(() => $("entries").append(...fresh));
  const wrote = fresh.filter((line) => line.classList.contains("contact")).pop();
  if (wrote) document.dispatchEvent(new CustomEvent("wrote", { detail: wrote.id.replace("entry-", "") }));
  return fresh.length > 0;
}

// Only what moved on changes, in place: a reader is not read the whole line again.
function settle(known, line) {
  for (const next of line.querySelectorAll(".attached")) {
    const now = $(next.id);
    if (now && now.dataset.state !== next.dataset.state) now.replaceWith(next);
  }
  const again = known.querySelector(".again"), instead = line.querySelector(".again");
  if (again && instead && again.textContent !== instead.textContent) again.replaceWith(instead);
  else if (!again && instead) known.append(instead);
  const now = known.querySelector(".delivery"), next = line.querySelector(".delivery");
  if (!now || !next || now.textContent === next.textContent) return;
  now.className = next.className;
  now.textContent = next.textContent;
  if (next.classList.contains("failed")) $("announce").textContent = next.textContent;
}

// Who reads the end sees the new lines; who reads further up stays there, and is told.
function keepPlace(change) {
  const log = $("log"), list = $("entries"), page = getComputedStyle(log).overflowY === "visible";
  const stay = atEnd(), before = list.offsetHeight, top = log.scrollTop;
  change();
  const grown = list.offsetHeight - before;
  if (!stay) $("newer").hidden = false;
  if (page && stay) window.scrollBy(0, grown);
  if (!page) log.scrollTop = stay ? 0 : top - grown; // the list hangs from its end: 0 is the newest
}

function atEnd() {
  const last = $("entries").lastElementChild;
  if (!last) return true;
  return last.getBoundingClientRect().bottom <= Math.min($("log").getBoundingClientRect().bottom, innerHeight) + 80;
}

function newer() {
  $("newer").addEventListener("click", () => {
    $("newer").hidden = true;
    $("entries").lastElementChild.scrollIntoView({ block: "end" });
    $("log").focus({ preventScroll: true });
  });
  const seen = () => { if (!$("newer").hidden && atEnd()) $("newer").hidden = true; };
  $("log").addEventListener("scroll", seen, { passive: true });
  window.addEventListener("scroll", seen, { passive: true });
}

// What the contact reads of an assignment is shown when it is chosen.
function reads(choice) {
  choice.addEventListener("change", () => {
    for (const row of $("reads").querySelectorAll("[data-of]")) row.hidden = choice.value && row.dataset.of !== choice.value;
    $("reads").open = Boolean(choice.value);
  });
}

// A page brought back as it was holds a form that was sent: a fresh one is fetched.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
document.querySelector("form.me").addEventListener("submit", () => sessionStorage.clear());
if ($("queue")) queue($("queue"));
if ($("case")) { watch($("case")); newer(); }
if ($("reads")) reads($("assignment"));
