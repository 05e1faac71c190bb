// The place in a page that its address names stays marked when the page refreshes itself: `:target` does not.
import { all } from "./dom";

const MARK = "is-target";

function mark(): void {
  for (const marked of all(`.${MARK}`)) marked.classList.remove(MARK);
  const named = document.getElementById(location.hash.slice(1));
  named?.classList.add(MARK);
}

export function startPlaces(): void {
  mark();
  window.addEventListener("hashchange", mark);
  document.addEventListener("htmx:afterSwap", mark);
}
