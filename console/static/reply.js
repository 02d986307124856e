// The answer box: counts what is typed as the server counts it, keeps it on the server, and says when the contact wrote.
"use strict";

const BLANK = "[\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+"; // as Python strips
const EDGES = new RegExp(`^${BLANK}|${BLANK}$`, "g");
const GAP = /\{(name|counsellor|office|time)\}/;
const REST = 1000, AGAIN = 5000, PATIENCE = 1000;

// What a text takes on a channel, by the tables that the server gave (bot.service.counting says the same).
function taken(told, channel, typed) {
  const way = told.ways[channel], words = typed.replaceAll("\r\n", "\n").replaceAll("\0", "").replace(EDGES, "");
  const letters = (text) => [...text].length;
  if (!way) return { letters: letters(words), pieces: 0, seconds: 0, costly: [] };
  if (way.pieces) return inPieces(told.table, words);
  const aloud = way.frame === null ? 0 : Math.ceil((way.frame + letters(words) + (/[.!?]$/.test(words) ? 0 : 1)) / told.pace);
  return { letters: letters(words), pieces: 0, seconds: aloud, costly: [] };
}

function inPieces(table, words) {
  const signs = [...[...words].map((sign) => table.same[sign] ?? sign).join("")];
  const costly = [...new Set(signs.filter((sign) => !table.basic.includes(sign) && !table.extended.includes(sign)))];
  const gsm = (all) => filled(all.map((sign) => (table.extended.includes(sign) ? 2 : 1)), table.fits.gsm);
  const without = gsm(signs.map((sign) => (costly.includes(sign) ? "x" : sign)));
  const pieces = costly.length ? filled(signs.map((sign) => sign.length), table.fits.ucs) : without;
  return { letters: signs.length, pieces, seconds: 0, costly: without < pieces ? costly : [] };
}

// No sign is cut in half: what does not fit goes to the next piece.
function filled(sizes, [one, each]) {
  if (sizes.reduce((sum, size) => sum + size, 0) <= one) return 1;
  let count = 1, room = each;
  for (const size of sizes) {
    if (size > room) { count += 1; room = each; }
    room -= size;
  }
  return count;
}

// The same words without the letters that cost more; as they were where nothing is won.
function writtenAround(told, channel, words) {
  const around = [...words].map((sign) => told.letters[sign] ?? sign).join("");
  return taken(told, channel, around).pieces < taken(told, channel, words).pieces ? around : words;
}

function put(words, values) {
  return words.replace(/%\((\w+)\)s/g, (whole, name) => values[name]);
}

function counter(form, told) {
  const box = form.elements.text, say = told.words, gaps = form.querySelector(".gaps");
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });
  const show = () => {
    const channel = form.elements.channel.value, found = taken(told, channel, box.value), way = told.ways[channel];
    const size = found.seconds ? say.aloud : !found.pieces ? say.free : found.pieces === 1 ? say.one : say.many;
    const n = found.seconds || found.pieces;
    $("count").textContent = box.value.trim() ? put(size, { n, euro: money.format(n * told.price) }) : "";
    const around = found.costly.length ? writtenAround(told, channel, box.value) : box.value;
    $("around").hidden = around === box.value;
    const warning = found.letters > way.longest ? put(say.long, { n: found.letters, most: way.longest })
      : found.pieces > told.most ? put(say.pieces, { n: found.pieces, most: told.most })
      : !found.costly.length ? ""
      : found.costly.length > told.named ? say.script
      : put(say.costly, { signs: found.costly.map((sign) => `“${sign}”`).join(" ") });
    if ($("warn").textContent !== warning) $("warn").textContent = warning;
    if (gaps) gaps.hidden = !GAP.test(box.value);
  };
  box.addEventListener("input", show);
  form.elements.channel.addEventListener("change", show);
  $("around").addEventListener("click", () => {
    box.value = writtenAround(told, form.elements.channel.value, box.value);
    box.dispatchEvent(new Event("input"));
    box.focus();
  });
  show();
}

function log() {
  return [...document.querySelectorAll(".counsellor > .text, .noted > .text")].map((line) => line.textContent.trim());
}

// What is typed is in this window at once and on the server soon. What is sent is the server's to keep.
function keeper(form, say) {
  const box = form.elements.text, key = `draft ${form.dataset.keep}`;
  let timer, going = null, over = false;
  const mine = sessionStorage.getItem(key), sent = sessionStorage.getItem(`sent ${key}`);
  sessionStorage.removeItem(`sent ${key}`);
  const said = (words) => log().some((line) => line.includes(words.trim()));
  const lost = [mine, box.value ? null : sent].find((words) => words && !said(words));
  if (lost && lost !== box.value) { box.value = lost; later(0); } else sessionStorage.removeItem(key);
  function later(rest) {
    clearTimeout(timer);
    if (!over) timer = setTimeout(save, rest);
  }
  async function save() {
    clearTimeout(timer);
    if (over || going) return;
    const text = box.value, { token, channel, csrf_token } = form.elements;
    const body = new URLSearchParams({ text, token: token.value, channel: channel.value, quiet: "1" });
    going = fetch(form.dataset.keep, {
      method: "POST", body, headers: { "X-CSRFToken": csrf_token.value }, redirect: "manual", keepalive: true,
      signal: AbortSignal.timeout(10000),
    });
    const kept = await going.then((answer) => answer.status === 204, () => false);
    going = null;
    if (kept && box.value === text) sessionStorage.removeItem(key);
    $("kept").textContent = kept ? say.kept : say.here;
    if (!kept || box.value !== text) later(kept ? REST : AGAIN);
  }
  box.addEventListener("input", () => {
    sessionStorage.setItem(key, box.value);
    $("kept").textContent = "";
    later(REST);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden && sessionStorage.getItem(key) !== null) save(); });
  window.addEventListener("online", () => { if (sessionStorage.getItem(key) !== null) save(); });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (going) { // what is on its way may not come after what is sent now
      event.preventDefault();
      const button = event.submitter;
      Promise.race([going.catch(() => null), new Promise((done) => setTimeout(done, PATIENCE))])
        .then(() => { going = null; form.requestSubmit(button); });
      return;
    }
    over = true;
    sessionStorage.setItem(`sent ${key}`, box.value);
    sessionStorage.removeItem(key);
  });
  $("keep").hidden = true;
}

// Somebody who is writing is told that the contact wrote; who is not has it before the eyes.
function newest(form, say) {
  document.addEventListener("wrote", ({ detail }) => {
    if (!form.elements.text.value.trim()) { form.elements.seen.value = detail; return; }
    const read = document.createElement("button");
    read.type = "button";
    read.textContent = say.read;
    read.addEventListener("click", () => {
      form.elements.seen.value = detail;
      $("wrote").hidden = true;
      form.elements.text.focus();
    });
    $("wrote").hidden = false;
    $("wrote").replaceChildren(`${say.wrote} `, read);
  });
}

// A note that is being written outlives the page.
function remember(box) {
  const key = `note ${location.pathname}`, mine = sessionStorage.getItem(key);
  if (mine && !box.value && !log().includes(mine.trim())) box.value = mine;
  else sessionStorage.removeItem(key);
  box.addEventListener("input", () => sessionStorage.setItem(key, box.value));
}

if ($("reply")) {
  const form = $("reply"), told = JSON.parse(form.dataset.count);
  counter(form, told);
  keeper(form, told.words);
  newest(form, told.words);
  form.elements.text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  $("shortcut").hidden = false;
}
if ($("note")) remember($("note"));
