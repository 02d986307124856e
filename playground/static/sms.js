// The SMS phone: bubbles with their segments and what became of them.
import { $, $$, add, clock, el, enterSends, follow, me, send } from "./page.js";

const place = $("#sms"), log = $(".log", place), text = $("#sms-text");
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;
const FAILED = ["failed", "undelivered"];
let messages = new Map();

function count() {
  const body = text.value;
  const plain = GSM.test(body);
  const units = plain ? body.length + (body.match(/[\^{}\\[~\]|€]/g) || []).length : body.length;
  const [one, many] = plain ? [160, 153] : [70, 67];
  const parts = units <= one ? 1 : Math.ceil(units / many);
  $(".count", place).value = `${units} / ${parts === 1 ? one : parts * many}${parts > 1 ? ` · ${parts} SMS` : ""}`;
}

function describe({ node, event }) {
  const error = event.error ? ` ${event.error}` : "";
  const parts = event.segments ? `${event.segments} SMS` : "";
  $("small", node).textContent = [clock(event.at), parts, event.status && event.status + error].filter(Boolean).join(" · ");
  node.classList.toggle("failed", FAILED.includes(event.status));
}

/** A message that never reached this phone: said once, for the person at the page. */
function lost(event) {
  if (!FAILED.includes(event.status) || messages.has(event.sid)) return;
  const node = el("p", { class: "note" }, `A message did not reach this phone: ${[event.status, event.error].filter(Boolean).join(" ")}`);
  messages.set(event.sid, { node, event });
  add(log, node);
}

export function receive(event) {
  if (event.type === "status") {
    const known = messages.get(event.sid);
    if (!known) return void lost(event);
    Object.assign(known.event, { status: event.status, error: event.error });
    if (!known.node.matches(".note")) follow(log, () => describe(known));
    return;
  }
  const mine = event.status === "received"; // Twilio's word for a message that a person sent
  const node = el("div", { class: mine ? "bubble mine" : "bubble" }, el("span", { dir: "auto" }, event.body), el("small"));
  const message = { node, event: { ...event } };
  messages.set(event.sid, message);
  describe(message);
  add(log, node, mine);
}

export function reset() {
  messages = new Map();
  log.replaceChildren();
}

$("#sms-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = text.value;
  if (!body.trim()) return text.focus();
  text.value = "";
  count();
  if (!await send(place, "phone/sms", { from: me.phone, text: body }) && !text.value) text.value = body;
  count();
});
enterSends(text);
text.addEventListener("input", count);
$("#sms-clear").addEventListener("click", () => { text.value = ""; count(); text.focus(); });
for (const key of $$(".keys button", place)) {
  key.addEventListener("click", () => { text.setRangeText(key.dataset.key, text.selectionStart, text.selectionEnd, "end"); count(); });
}
