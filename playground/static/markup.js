// Telegram's HTML: a short list of tags becomes nodes, everything else stays words. Nothing is parsed by the browser.
const TAGS = Object.fromEntries(["b", "strong", "i", "em", "u", "s", "code", "pre", "a"].map((tag) => [tag, tag]));
Object.assign(TAGS, { ins: "u", strike: "s", del: "s", blockquote: "em", span: "span", "tg-spoiler": "span" });
const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'", nbsp: "\u00a0" };
const PIECE = /<(\/?)([a-z-]+)(?:\s+(?:href="([^"<>]*)"|class="[^"<>]*"))?\s*>/gi;

const decode = (words) => words.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, ten, hex, name) => {
  if (name) return ENTITIES[name.toLowerCase()] ?? whole;
  const code = ten ? Number(ten) : parseInt(hex, 16);
  return code && code < 0x110000 ? String.fromCodePoint(code) : whole;
});

export function build(html) {
  const root = document.createDocumentFragment();
  const open = [root];
  let last = 0;
  const words = (until) => until > last && open.at(-1).append(decode(html.slice(last, until)));
  for (const piece of html.matchAll(PIECE)) {
    const name = piece[2].toLowerCase();
    if (!Object.hasOwn(TAGS, name)) continue;
    const tag = TAGS[name];
    words(piece.index);
    last = piece.index + piece[0].length;
    if (piece[1]) {
      const at = open.findLastIndex((node) => node.localName === tag);
      if (at > 0) open.length = at;
      continue;
    }
    const node = document.createElement(tag);
    const address = decode(piece[3] ?? "");
    if (tag === "a" && /^(https?:\/\/|mailto:|tel:)/i.test(address)) {
      Object.assign(node, { href: address, target: "_blank", rel: "noopener noreferrer" });
    }
    open.at(-1).append(node);
    open.push(node);
  }
  words(html.length);
  return root;
}
