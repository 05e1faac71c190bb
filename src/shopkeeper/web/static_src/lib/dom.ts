// The few steps that every behaviour repeats.
type Listener<E extends Event> = (element: HTMLElement, event: E) => void;

/** Listen once on the document for events inside elements that match, also those swapped in later. */
export function on<E extends Event = Event>(type: string, selector: string, listener: Listener<E>): void {
  document.addEventListener(type, (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    const element = target.closest<HTMLElement>(selector);
    if (element) listener(element, event as E);
  });
}

export function all<T extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

export function one<T extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): T | null {
  return root.querySelector<T>(selector);
}

/** Make an element with a class and text; text never becomes markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the sprite whose address the page names. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "sk-icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset["sprite"] ?? ""}#${name}`);
  svg.append(use);
  return svg;
}

// The field of a dialog that was just closed has the focus until the next frame, but nobody types there.
export function typing(target: EventTarget | null): boolean {
  const isField = target instanceof HTMLElement && target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  return isField && target.checkVisibility();
}

export function announce(text: string): void {
  const region = one("#announcer");
  if (region) region.textContent = text;
}

export function csrf(): string {
  return document.body.dataset["csrf"] ?? "";
}

export function setCookie(name: string, value: string): void {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`;
}
