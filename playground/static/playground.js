// The demo page: who is calling, what the server tells, tabs, the console, and making the network misbehave.
import { $, $$, ask, el, me, send } from "./page.js";
import * as sms from "./sms.js";
import * as telegram from "./telegram.js";
import * as telephone from "./telephone.js";
import { texting } from "./texting.js";

const first = document.body.dataset, who = $("#who");

// who is calling: person n has the n-th number and the n-th Telegram account

const NAMES = [first.telegramName, "Youssef", "Olena", "Marc", "Fatma", "Jean", "Amina", "Piet", "Rosa"];
const nth = (number, n) => {
  const digits = number.match(/\d+$/)[0];
  return number.slice(0, -digits.length) + String(BigInt(digits) + BigInt(n)).padStart(digits.length, "0");
};
let person = { n: 0, most: 8 };
try { person = { ...person, ...JSON.parse(localStorage.getItem("person")) }; } catch { /* a new browser, or a private window */ }

function become(n, keep = false) {
  person = { ...(keep ? person : {}), n, most: Math.max(8, n, person.most) };
  const phones = Array.from({ length: person.most + 1 }, (_, i) => nth(first.phone, i));
  who.phone.replaceChildren(...phones.map((one, i) => el("option", { value: i, selected: i === n }, one)));
  who.name.value = person.name ?? NAMES[n % NAMES.length];
  who.telegram.value = person.telegram ?? nth(first.telegramId, n);
  apply();
}

function apply() {
  Object.assign(me, { phone: nth(first.phone, person.n), name: who.name.value.trim(), telegram: who.telegram.value });
  $("#who-now").textContent = `${me.phone}, ${me.name}`;
  for (const node of $$(".me-phone")) node.textContent = me.phone;
  $(".me-telegram").textContent = `${me.name} · ${me.telegram}`;
  try { localStorage.setItem("person", JSON.stringify(person)); } catch { /* not kept, then */ }
  restart();
}

who.addEventListener("submit", (event) => event.preventDefault());
who.phone.addEventListener("change", () => become(Number(who.phone.value)));
for (const field of [who.name, who.telegram]) {
  field.addEventListener("change", () => {
    if (!field.reportValidity()) return;
    person[field.name] = field.value.trim();
    field === who.name ? apply() : become(person.n, true);
  });
}
$("#new-person").addEventListener("click", () => { become(person.n + 1); });

// what the server tells

const whatsapp = $("#whatsapp") && texting($("#whatsapp"), "phone/whatsapp", { more: () => ({ name: me.name }) });
const PHONES = { sms_in: [sms, "sms"], sms_out: [sms, "sms"], sms_status: [sms], whatsapp_in: [whatsapp, "whatsapp"], whatsapp_out: [whatsapp, "whatsapp"], whatsapp_status: [whatsapp], telegram_message: [telegram, "telegram"], telegram_edit: [telegram], telegram_status: [telegram], heard: [telephone], call: [telephone, "voice"] };
const link = $("#link");
let cursor = 0, era = 0, timer = 0, busy = false, again = false, failures = 0, fresh = false;

function restart() {
  era += 1;
  cursor = 0;
  fresh = false;
  for (const log of $$(".log")) log.ariaLive = "off"; // history is not news
  for (const phone of [sms, whatsapp, telegram, telephone]) phone?.reset();
  poll();
}

function tell(state, words) {
  link.dataset.state = state;
  if (link.textContent !== words) link.textContent = words;
}

async function poll() {
  clearTimeout(timer);
  if (busy) { again = true; return; }
  busy = true;
  again = false;
  const mine = era;
  try {
    const news = await ask(`phone/feed?${new URLSearchParams({ after: cursor, phone: me.phone, telegram: me.telegram })}`, undefined, 10000);
    failures = 0;
    tell("on", "Connected");
    if (mine === era) take(news);
  } catch (error) {
    failures += 1;
    const wait = Math.min(15, 2 ** failures / 2);
    tell("away", `${error.message} Trying again${wait < 2 ? "" : ` every ${Math.round(wait)} s`}.`);
  }
  busy = false;
  if (mine !== era || again) return poll();
  timer = setTimeout(poll, failures ? Math.min(15000, 500 * 2 ** failures) : document.hidden ? 5000 : 700);
}

function take(news) {
  if (Number(news.cursor) < Number(cursor)) return restart();
  cursor = news.cursor;
  for (const event of news.events) {
    const [phone, tab] = PHONES[event.type] || [];
    phone?.receive(event, fresh);
    if (fresh && tab) announce(tab);
  }
  if (!fresh) setTimeout(() => { for (const log of $$(".log")) log.ariaLive = "polite"; }, 100);
  fresh = true;
}

document.addEventListener("sent", poll);
document.addEventListener("visibilitychange", () => document.hidden || poll());

// tabs, where there is room for one thing only

const narrow = matchMedia("(max-width: 859px)"), tabs = $$("#tabs button"), places = $$(".place");
let shown = "sms";

const announce = (id) => { if (id !== shown) $(`#tab-${id} .dot`).hidden = id === "voice" && !telephone.ringing(); };

function choose(id) {
  shown = id;
  for (const tab of tabs) {
    const on = tab.id === `tab-${id}`;
    tab.ariaSelected = String(on);
    tab.tabIndex = on ? 0 : -1;
    if (on) $(".dot", tab).hidden = true;
  }
  for (const place of places) {
    place.toggleAttribute("data-on", place.id === id);
    const log = $(".log", place);
    if (log) log.scrollTop = log.scrollHeight;
  }
}

function arrange() {
  const roles = narrow.matches;
  $("#tabs").role = roles ? "tablist" : null;
  for (const place of places) {
    place.role = roles ? "tabpanel" : null;
    place.setAttribute("aria-labelledby", roles ? `tab-${place.id}` : `${place.id}-title`);
  }
  $(".who").open = !roles;
}

$("#tabs").addEventListener("click", (event) => {
  const tab = event.target.closest("button");
  if (!tab) return;
  choose(tab.id.slice(4));
  $("#stage").scrollIntoView();
});
$("#tabs").addEventListener("keydown", (event) => {
  const at = tabs.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  const tab = tabs.at(to % tabs.length);
  choose(tab.id.slice(4));
  tab.focus();
});
narrow.addEventListener("change", arrange);

// the console

const consoleBox = $("#console"), grow = $("#grow");

grow.addEventListener("click", () => {
  const large = consoleBox.classList.toggle("large");
  $("span", grow).textContent = grow.title = large ? "Smaller" : "Larger";
  for (const other of [$(".top"), $(".under"), $("#tabs"), $("#drawer"), ...places]) other.inert = large && other !== consoleBox;
});
addEventListener("keydown", (event) => { if (event.key === "Escape" && consoleBox.classList.contains("large")) grow.click(); });
for (const copy of $$(".copy")) {
  copy.addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(copy.dataset.copy); } catch { return void getSelection().selectAllChildren($("code", copy)); }
    const code = $("code", copy);
    code.textContent = "copied";
    setTimeout(() => { code.textContent = copy.dataset.copy; }, 1200);
  });
}

// misbehaving

const drawer = $("#drawer"), form = $("#fault-form");
const SMS = "messages.create", TELEGRAM = "sendMessage";
const FAULTS = {
  21610: { name: "Stopped", [SMS]: { error: 21610, http_status: 400 }, [TELEGRAM]: { http_status: 403 } },
  30003: { name: "Not reached", [SMS]: { error: 30003 }, [TELEGRAM]: { http_status: 400 } },
  429: { name: "Too many requests", [SMS]: { error: 20429, http_status: 429, retry_after: 5 }, [TELEGRAM]: { http_status: 429, retry_after: 5 } },
  500: { name: "Server error", [SMS]: { error: 20500, http_status: 500 }, [TELEGRAM]: { http_status: 500 } },
  slow: { name: "Slow", [SMS]: { delay: 5 }, [TELEGRAM]: { delay: 5 } },
  lost: { name: "Answer lost", [SMS]: { drop_answer: true }, [TELEGRAM]: { drop_answer: true } },
  63016: { name: "24 hours over", only: "whatsapp", [SMS]: { error: 63016 } },
};
const WHERE = {
  sms: { name: "SMS", api: SMS, all: "+*", mine: () => me.phone },
  whatsapp: { name: "WhatsApp", api: SMS, all: "whatsapp:*", mine: () => `whatsapp:${me.phone}` },
  telegram: { name: "Telegram", api: TELEGRAM, all: "*", mine: () => me.telegram },
};
const RECEIPTS = { double: "Receipts twice", reversed: "Receipts reversed", late: "Receipts late", hold: "Receipts held back" };
const isReceipt = () => form.fault.value in RECEIPTS;

/** The places that a fault is meant for: one, or all that the page has. */
const targets = () => [...form.where.options].map((one) => one.value).filter((id) => id && [id, ""].includes(form.where.value)).map((id) => WHERE[id]);

async function refresh() {
  const [{ faults }, receipts] = await Promise.all([ask("faults"), ask("receipts", {})]);
  const names = faults.map((one) => {
    const like = (fault) => Object.entries(fault[one.api] || { none: 1 }).every(([key, value]) => one[key] === value);
    const name = Object.values(FAULTS).find(like)?.name || `Error ${one.error || one.http_status || ""}`;
    const to = one.to ?? "*";
    const here = (place) => place.api === one.api && to.startsWith(place.all.slice(0, -1));
    const where = Object.values(WHERE).find(here)?.name || one.api;
    return [name, where, !to.endsWith("*") && to.replace(/^whatsapp:/, ""), one.times < 100 && `${one.times} left`].filter(Boolean).join(" · ");
  });
  names.push(...Object.keys(RECEIPTS).filter((key) => receipts[key]).map((key) => RECEIPTS[key]));
  $("#fault-count").textContent = `${names.length} active`;
  $("#fault-count").hidden = !names.length;
  $("#faults").replaceChildren(...(names.length ? names : ["Nothing: all goes well"]).map((name) => el("li", { class: names.length ? null : "none" }, name)));
}

const look = () => refresh().catch(() => {}); // the line at the top says when the server is away

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isReceipt()) {
    if (!await send(drawer, "receipts", { [form.fault.value]: form.fault.value === "late" ? 10 : true })) return;
  } else {
    for (const { api, all, mine } of targets()) {
      const to = form.mine.checked ? mine() : all;
      if (!await send(drawer, "faults", { api, to, times: Number(form.times.value), ...FAULTS[form.fault.value][api] })) return;
    }
  }
  look();
});
form.addEventListener("change", () => {
  const many = isReceipt(), only = FAULTS[form.fault.value]?.only;
  for (const field of [form.where, form.times, form.mine]) field.disabled = many;
  if (only) form.where.value = only;
  form.where.disabled ||= Boolean(only);
});
form.dispatchEvent(new Event("change"));
$("#fault-clear").addEventListener("click", async () => {
  const off = { double: false, reversed: false, late: 0, hold: false };
  if (!await send(drawer, "faults/clear", {}) || !await send(drawer, "receipts", off)) return;
  look();
});
setInterval(() => { if (drawer.open && !document.hidden) look(); }, 3000);
drawer.addEventListener("toggle", look);

arrange();
choose("sms");
look();
become(person.n, true);
