// A value that was revealed stands for a minute, also where the page refreshes itself meanwhile; then it is masked again.
import { all, one } from "./dom";

const STANDS_MS = 60_000;
const MASKED = ".sk-masked";

interface Swap {
  target: HTMLElement;
  serverResponse: string;
  shouldSwap: boolean;
}

/** By its door: the markup that shows a value, and the markup that masks it. */
const revealed = new Map<string, { shown: string; masked: string }>();

/** The door to a masked value: its address and its field. The answer names the same (`data-revealed`). */
function doorOf(place: HTMLElement): string {
  const form = one<HTMLFormElement>("form", place);
  return form ? `${new URL(form.action).pathname} ${one<HTMLInputElement>("[name=field]", form)?.value ?? ""}` : "";
}

function put(place: HTMLElement, markup: string): void {
  const holder = document.createElement("template");
  holder.innerHTML = markup; // our own server's answer, escaped there
  const fresh = one(MASKED, holder.content);
  if (!fresh) return;
  place.replaceWith(fresh);
  window.htmx?.process(fresh);
}

function mask(door: string): void {
  const masked = revealed.get(door)?.masked ?? "";
  revealed.delete(door);
  for (const place of all("[data-revealed]")) if (place.dataset["revealed"] === door) put(place, masked);
}

export function startRevealed(): void {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, serverResponse, shouldSwap } = (event as CustomEvent<Swap>).detail;
    const door = shouldSwap && target.matches(MASKED) ? doorOf(target) : "";
    if (!door || !serverResponse.includes("data-revealed")) return;
    revealed.set(door, { shown: serverResponse, masked: target.outerHTML });
    window.setTimeout(() => mask(door), STANDS_MS);
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!revealed.size) return;
    for (const place of all(MASKED)) {
      const found = revealed.get(doorOf(place));
      if (found) put(place, found.shown); // the page brought it masked
    }
  });
}
