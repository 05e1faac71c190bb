// Words of a chat as nodes: text stays text, and only addresses of our own house become links.
import { make } from "../lib/dom";

const ADDRESS = /https?:\/\/[^\s<>"'，。；：！？、（）【】《》“”]+/g;
const AFTER = /[.,;:!?)\]]+$/; // ends a sentence, not an address

function isOurs(address: string): boolean {
  try {
    const url = new URL(address);
    return url.origin === location.origin && !url.username && !url.password;
  } catch {
    return false;
  }
}

/** Put words into an element. Whoever writes cannot make a link that leads elsewhere, nor any markup. */
export function putWords(place: HTMLElement, text: string): void {
  place.textContent = "";
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = found[0].replace(AFTER, "");
    if (!isOurs(address)) continue;
    place.append(text.slice(from, found.index));
    const link = make("a", "w-link", address);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    place.append(link);
    from = found.index + address.length;
  }
  place.append(text.slice(from));
}
