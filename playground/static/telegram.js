// The Telegram phone: a chat whose old buttons stay pressable.
import { $, $$, add, clock, el, enterSends, follow, me, send } from "./page.js";
import { build } from "./markup.js";

const place = $("#telegram"), log = $(".log", place), text = $("#telegram-text");
const sheet = $("#sheet"), attach = $("#attach"), editing = $("#editing"), block = $("[data-act=block]", place);
let messages = new Map(), lastOwn = null, blocked = false, changing = null, attached = [];

const act = (action, more = {}) => send(place, "phone/telegram", { user: Number(me.telegram), first_name: me.name, action, ...more });

/** What has no words of its own is shown by its name. */
async function attachment(action, name) {
  attached.push(name);
  if (!await act(action)) attached.pop();
}

/** A button under a message; `text` and `contact` are keys of a reply keyboard, which answer in the person's name. */
function button(message, { text: words, data, kind }) {
  if (kind === "url" && /^https?:\/\//.test(data)) {
    return el("a", { class: "button", href: data, target: "_blank", rel: "noopener noreferrer", dir: "auto" }, words);
  }
  const node = el("button", { type: "button", dir: "auto" }, words);
  node.addEventListener("click", async () => {
    if (node.ariaBusy === "true") return;
    node.ariaBusy = "true";
    if (kind === "text") await act("text", { text: words });
    else if (kind === "contact") await attachment("contact", "My contact");
    else await act("press", { message_id: message, data });
    node.ariaBusy = "false";
  });
  return node;
}

function fill(node, event, edited) {
  const words = el("div", { class: "bubble", dir: "auto" });
  if (event.html && !event.from_me) words.append(build(event.html));
  else words.append(event.text || el("i", {}, event.from_me ? attached.shift() ?? "Attachment" : ""));
  words.append(el("small", {}, (edited ? "edited " : "") + clock(event.at)));
  const rows = (event.buttons || []).map((row) => el("div", { class: "row" }, ...row.map((one) => button(event.message_id, one))));
  const held = node.contains(document.activeElement);
  node.replaceChildren(words, ...rows);
  if (held) log.focus();
}

export function receive(event) {
  if (event.type === "telegram_status") {
    if (event.status) setBlocked(event.status === "blocked");
    const text = event.text || (event.status === "blocked" ? "You blocked the bot" : "The bot is unblocked");
    return void add(log, el("p", { class: "note", dir: "auto" }, text));
  }
  if (event.chat != null && String(event.chat) !== me.telegram) return; // a group's
  const known = messages.get(event.message_id);
  if (lastOwn?.message_id === event.message_id) lastOwn = event;
  if (known) return follow(log, () => fill(known, event, event.type === "telegram_edit"));
  const node = el("div", { class: event.from_me ? "said mine" : "said" });
  fill(node, event, event.type === "telegram_edit");
  messages.set(event.message_id, node);
  if (event.from_me && event.text) lastOwn = event;
  add(log, node, event.from_me);
}

export function reset() {
  messages = new Map();
  lastOwn = null;
  attached = [];
  setBlocked(false);
  stopEditing();
  log.replaceChildren();
}

function setBlocked(now) {
  blocked = now;
  $("span", block).textContent = now ? "Unblock bot" : "Block bot";
}

function openSheet(open) {
  follow(log, () => { sheet.hidden = !open; });
  attach.ariaExpanded = String(open);
}

function stopEditing() {
  if (changing) text.value = "";
  changing = null;
  editing.hidden = true;
}

$("#telegram-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = text.value;
  if (!words.trim()) return text.focus();
  const message = changing;
  stopEditing();
  text.value = "";
  const well = message ? await act("edit", { message_id: message, text: words }) : await act("text", { text: words });
  if (!well && !text.value) text.value = words;
});
enterSends(text);
$("#telegram-start").addEventListener("click", () => { act("text", { text: "/start" }); text.focus(); });
attach.addEventListener("click", () => openSheet(sheet.hidden));
$("button", editing).addEventListener("click", () => { stopEditing(); text.focus(); });
place.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (!sheet.hidden) { openSheet(false); attach.focus(); } else stopEditing();
});
for (const choice of $$("button", sheet)) {
  choice.addEventListener("click", async () => {
    openSheet(false);
    const what = choice.dataset.act;
    if (what === "edit") {
      if (!lastOwn) return void act("edit");
      changing = lastOwn.message_id;
      editing.hidden = false;
      text.value = lastOwn.text ?? "";
      return text.focus();
    }
    attach.focus();
    if (what !== "block") return void attachment(what, $("span", choice).textContent);
    if (await act(blocked ? "unblock" : "block")) setBlocked(!blocked);
  });
}
