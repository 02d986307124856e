// The SMS phone: its keys, and how many SMS the words take.
import { $, $$ } from "./page.js";
import { texting } from "./texting.js";

const place = $("#sms"), text = $("#sms-text");
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;

const { receive, reset, write } = texting(place, "phone/sms", { unit: "SMS" });
export { receive, reset };

text.addEventListener("input", () => {
  const body = text.value;
  const plain = GSM.test(body);
  const units = plain ? body.length + (body.match(/[\^{}\\[~\]|€]/g) || []).length : body.length;
  const [one, many] = plain ? [160, 153] : [70, 67];
  const parts = units <= one ? 1 : Math.ceil(units / many);
  $(".count", place).value = `${units} / ${parts === 1 ? one : parts * many}${parts > 1 ? ` · ${parts} SMS` : ""}`;
});
$("#sms-clear").addEventListener("click", () => { write(""); text.focus(); });
for (const key of $$(".keys button", place)) {
  key.addEventListener("click", () => {
    text.setRangeText(key.dataset.key, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input"));
  });
}
