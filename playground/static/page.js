// What the phones share: building nodes, a log that scrolls, and asking the server.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export const me = { phone: "", telegram: "", name: "" };

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== ""));
  return node;
}

export function clock(at) {
  const date = new Date(typeof at === "number" && at < 1e12 ? at * 1000 : at);
  return isNaN(date) ? "" : date.toLocaleTimeString("nl-BE", { hour: "2-digit", minute: "2-digit" });
}

/** Changes a role=log; follows its end unless the reader has scrolled up. */
export function follow(log, change, always = false) {
  const follows = always || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  change();
  if (follows) log.scrollTop = log.scrollHeight;
}

export const add = (log, node, own = false) => follow(log, () => log.append(node), own);

export async function ask(path, body, timeout = 15000) {
  let response;
  try {
    response = await fetch(path, {
      method: body ? "POST" : "GET",
      headers: body ? { "Content-Type": "application/json", "X-Playground": "1" } : {},
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(timeout),
    });
  } catch (error) {
    throw new Error(error.name === "TimeoutError" ? "The server took too long." : "The server does not answer.");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || `The server answered ${response.status}.`);
  return answer;
}

/** Sends, shows in `place` what went wrong, and says whether it went well. */
export async function send(place, path, body) {
  const problem = $(".problem", place);
  try {
    const answer = await ask(path, body);
    problem.hidden = answer.ok !== false;
    if (answer.ok === false) problem.textContent = answer.status ? `The bot's door answered ${answer.status}.` : "The bot's door did not answer.";
    document.dispatchEvent(new Event("sent"));
    return answer;
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
    return null;
  }
}

/** Enter sends, Shift+Enter is a new line; an input method's Enter is its own. */
export function enterSends(textarea) {
  textarea.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    textarea.form.requestSubmit();
  });
}
