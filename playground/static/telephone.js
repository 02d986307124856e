// The telephone: a keypad, what is heard, and the browser's own voice.
import { $, $$, add, el, me, send } from "./page.js";

const place = $("#voice"), body = $(".desk-phone", place), log = $(".log", place);
const call = $("#call"), hangup = $("#hangup"), say = $("#say-text"), aloud = $("#aloud"), note = $("#aloud-note"), time = $("#call-time");
const keypad = $(".keys", place);
const voices = window.speechSynthesis;
const LIVE = ["in-progress", "answered"], BEFORE = ["queued", "initiated", "ringing"];
const ENDS = { completed: "Call ended", busy: "Line busy", "no-answer": "No answer", failed: "Call failed", canceled: "Call cancelled" };
const MISSED = { busy: "Call declined", "no-answer": "Missed call", canceled: "Missed call" };
const RATES = { "x-slow": 0.6, slow: 0.8, medium: 1, fast: 1.2, "x-fast": 1.4 };
let now = { sid: null, state: "idle", waiting: null }, started = 0, keys = "", sending = false, calling = false, tone = null, heard = null;

// hearing

function speak(event) {
  if (!aloud.checked || !voices || !event.text) return;
  const language = (event.language || "nl-BE").replace(/^arb\b/, "ar");
  const all = voices.getVoices();
  const like = (voice) => voice.lang.replace("_", "-").toLowerCase();
  const voice = all.find((one) => like(one) === language.toLowerCase()) || all.find((one) => like(one).split("-")[0] === language.split("-")[0].toLowerCase());
  note.textContent = voice ? "" : `No ${language} voice here: read along.`;
  if (!voice) return;
  const words = new SpeechSynthesisUtterance(event.text);
  Object.assign(words, { voice, lang: language, rate: RATES[event.rate] || (parseFloat(event.rate) / (String(event.rate).endsWith("%") ? 100 : 1)) || 1 });
  voices.speak(words);
}

function beep(key) {
  if (!aloud.checked || !window.AudioContext) return;
  tone ??= new AudioContext();
  const at = "123456789*0#".indexOf(key);
  for (const pitch of [[697, 770, 852, 941][Math.floor(at / 3)], [1209, 1336, 1477][at % 3]]) {
    const wave = new OscillatorNode(tone, { frequency: pitch });
    wave.connect(new GainNode(tone, { gain: 0.04 })).connect(tone.destination);
    wave.start();
    wave.stop(tone.currentTime + 0.12);
  }
}

const quiet = () => voices?.cancel();

function caption(event) {
  const line = (kind, ...parts) => el("div", { class: `caption ${kind}` }, ...parts);
  const words = event.text || "";
  switch (event.kind) {
    case "say": {
      const how = [event.language, event.voice, event.rate && event.rate !== 1 && String(event.rate)].filter(Boolean).join(" · ");
      return line("", el("small", {}, how), el("span", { dir: "auto", lang: event.language }, words));
    }
    case "you": return line("mine", el("small", {}, "You"), el("span", { dir: "auto" }, words));
    case "error": return line("error", words || "Something went wrong on the line.");
    default: {
      const note = {
        play: `Sound: ${words}`, pause: `Pause of ${words} s`, record: "Beep: it records now", dial: `Dial: ${words}`, hangup: words === "you" ? "You hung up" : "Hung up",
      }[event.kind];
      return el("p", { class: "note", dir: "auto" }, note || `${event.kind} ${words}`);
    }
  }
}

const onlyKeys = (event) => event?.kind === "you" && /^[0-9*#]+$/.test(event.text);

/** Keys pressed one after another stand in one line, as they were meant. */
function hear(event) {
  const more = onlyKeys(event) && onlyKeys(heard) && heard.call === event.call;
  heard = event;
  if (more) log.lastElementChild.lastElementChild.append(event.text);
  else add(log, caption(event), event.kind === "you");
}

export function receive(event, fresh) {
  if (event.type === "heard") {
    hear(event);
    if (event.kind === "you") quiet();
    else if (fresh && event.kind === "say" && event.call === now.sid) speak(event);
    return;
  }
  const ended = !LIVE.includes(event.status) && !BEFORE.includes(event.status);
  if (ended && now.sid && event.call !== now.sid) return;
  if (event.call !== now.sid && !ended) {
    quiet();
    heard = null;
    if (log.childElementCount) add(log, el("p", { class: "note" }, "New call"));
  }
  const toHere = String(event.direction).startsWith("outbound");
  const state = ended ? "idle" : LIVE.includes(event.status) ? "live" : toHere ? "ringing" : "dialling";
  if (state === "live" && now.state !== "live") started = new Date(typeof event.at === "number" ? event.at * 1000 : event.at).getTime() || Date.now();
  now = { sid: ended ? null : event.call, state, waiting: ended ? null : event.waiting, end: ended ? (toHere && MISSED[event.status]) || ENDS[event.status] || event.status : "" };
  show();
}

export function reset() {
  quiet();
  log.replaceChildren();
  now = { sid: null, state: "idle", waiting: null };
  keys = "";
  show();
}

export const ringing = () => now.state === "ringing";

// showing

function words() {
  if (now.state === "ringing") return "Your telephone rings";
  if (now.state === "dialling") return "Ringing";
  if (now.state === "idle") return now.end || "On the hook";
  if (now.waiting === "gather") return "Listening: keys or speech";
  return { record: "Recording your message", dial: "Ringing another telephone" }[now.waiting] || "Connected";
}

function show() {
  const live = now.state === "live", recording = now.waiting === "record";
  body.dataset.state = now.state;
  body.dataset.wait = now.waiting || "";
  const state = $("#call-state");
  if (state.textContent !== words()) state.textContent = words();
  const hadFocus = document.activeElement;
  call.disabled = live || now.state === "dialling";
  hangup.disabled = now.state === "idle";
  $("span", call).textContent = now.state === "ringing" ? "Pick up" : "Call";
  $("span", hangup).textContent = now.state === "ringing" ? "Decline" : "Hang up";
  for (const control of [say, $("#say-go"), $("#silence"), ...$$(".keys button", place)]) control.disabled = !live;
  say.placeholder = $("#say-label").textContent = recording ? "Message" : "Say something";
  $("#say-go").textContent = recording ? "Record" : "Say";
  if (hadFocus === call && call.disabled) keypad.focus(); // digits typed there are pressed
  if (hadFocus?.disabled && hadFocus !== call && place.contains(hadFocus)) call.focus();
  time.hidden = !live;
  tick();
}

function tick() {
  const seconds = Math.max(0, Math.floor((Date.now() - started) / 1000));
  if (!time.hidden) time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
setInterval(tick, 1000);

// doing

const act = (action, more = {}) => now.sid && send(place, `phone/call/${encodeURIComponent(now.sid)}`, { action, ...more });

/** Keys go one request at a time, in order; those pressed meanwhile go together. */
async function press(key) {
  if (now.state !== "live") return;
  quiet();
  beep(key);
  keys += key;
  if (sending) return;
  sending = true;
  while (keys) {
    const digits = keys;
    keys = "";
    await act("press", { digits });
  }
  sending = false;
}

call.addEventListener("click", async () => {
  if (now.state === "ringing") return void act("pickup");
  if (calling) return;
  calling = true;
  const from = me.phone;
  const answer = await send(place, "phone/call", { from });
  calling = false;
  if (answer && from === me.phone && now.state === "idle") now = { sid: answer.call, state: "dialling", waiting: null };
  show();
});
hangup.addEventListener("click", () => { quiet(); act(now.state === "ringing" ? "decline" : "hangup"); });
$("#silence").addEventListener("click", () => act("silence"));
$("#say-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = say.value.trim();
  if (!text) return say.focus();
  quiet();
  say.value = "";
  const record = now.waiting === "record";
  const well = await act(record ? "record" : "say", record ? { text, seconds: Math.max(2, Math.round(text.length / 14)) } : { text });
  if (!well && !say.value) say.value = text;
});
for (const key of $$(".keys button", place)) key.addEventListener("click", () => press(key.dataset.key));
place.addEventListener("keydown", (event) => {
  if (event.target === say || event.ctrlKey || event.metaKey || event.altKey || !/^[0-9*#]$/.test(event.key)) return;
  event.preventDefault();
  press(event.key);
});

// The browser speaks only after a gesture of the person, which the call itself is.
try { aloud.checked = localStorage.getItem("aloud") !== "no"; } catch { aloud.checked = true; }
voices?.getVoices(); // asks the browser to load them
if (!voices) {
  aloud.checked = false;
  aloud.disabled = true;
  note.textContent = "This browser cannot speak.";
}
aloud.addEventListener("change", () => {
  if (!aloud.checked) quiet();
  note.textContent = "";
  try { localStorage.setItem("aloud", aloud.checked ? "yes" : "no"); } catch { /* private window: forget it */ }
});
addEventListener("pagehide", quiet);
