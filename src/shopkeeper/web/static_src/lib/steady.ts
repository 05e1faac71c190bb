// What one reads stays where it is when a part of the page is renewed.
// The browser's own anchoring cannot: old and new stand beside one another for a moment, and at times it follows the old.
import { all } from "./dom";

interface Swap {
  target: HTMLElement;
  shouldSwap: boolean;
  requestConfig: { triggeringEvent?: Event };
}

interface Held {
  scrollY: number;
  id: string;
  top: number;
}

let held: Held | null = null;

const topOf = (element: Element): number => element.getBoundingClientRect().top;

/** The first thing with a name that the window shows: a renewal by itself keeps it in its place. */
function inSight(part: HTMLElement): HTMLElement | undefined {
  return all("[id]", part).find((element) => {
    const { top, height } = element.getBoundingClientRect();
    return height > 0 && top >= 0 && top < window.innerHeight;
  });
}

export function startSteady(): void {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, shouldSwap, requestConfig } = (event as CustomEvent<Swap>).detail;
    if (!shouldSwap) return;
    const byItself = requestConfig.triggeringEvent?.type.startsWith("sk:") ?? false;
    const anchor = byItself && window.scrollY > 0 ? inSight(target) : undefined;
    held = { scrollY: window.scrollY, id: anchor?.id ?? "", top: anchor ? topOf(anchor) : 0 };
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!held) return;
    const anchor = held.id ? document.getElementById(held.id) : null;
    const wanted = anchor ? window.scrollY + topOf(anchor) - held.top : held.scrollY;
    if (wanted !== window.scrollY) window.scrollTo({ top: wanted, behavior: "instant" });
    held = null;
  });
}
