// A phone with text messages, by SMS or WhatsApp: bubbles and what became of them, and a form to write in.
import { $, add, clock, el, enterSends, follow, me, send } from "./page.js";

const FAILED = ["failed", "undelivered"];

/** A place that sends to `path`: `more` makes what goes along, `unit` is what its messages are counted in. */
export function texting(place, path, { unit = "", more = () => ({}) } = {}) {
  const log = $(".log", place), text = $("textarea", place);
  let messages = new Map();

  function describe({ node, event }) {
    const error = event.error ? ` ${event.error}` : "";
    const parts = unit && event.segments ? `${event.segments} ${unit}` : "";
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

  function receive(event) {
    if (event.type.endsWith("_status")) {
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

  function reset() {
    messages = new Map();
    log.replaceChildren();
  }

  function write(words) {
    text.value = words;
    text.dispatchEvent(new Event("input"));
  }

  text.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = text.value;
    if (!body.trim()) return text.focus();
    write("");
    if (!await send(place, path, { from: me.phone, text: body, ...more() }) && !text.value) write(body);
  });
  enterSends(text);
  return { receive, reset, write };
}
