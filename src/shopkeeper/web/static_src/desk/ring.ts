// The countdown ring: how much is left of the seconds in which somebody must be answered.
import { businessNow } from "../lib/clock";
import { icon } from "../lib/dom";

const SVG = "http://www.w3.org/2000/svg";
const ROUND = 2 * Math.PI * 17;
const LONG_WAIT_MS = 60_000;

interface Clock {
  waits: boolean;
  since: string | null;
  until: string | null;
}

function circle(name: string): SVGCircleElement {
  const made = document.createElementNS(SVG, "circle");
  for (const [key, value] of Object.entries({ class: name, cx: "20", cy: "20", r: "17" })) made.setAttribute(key, value);
  return made;
}

/** Make a ring of an element; `turn` afterwards tells it the time. */
export function makeRing(element: HTMLElement, clock: Clock): void {
  element.dataset["since"] = clock.waits && clock.since ? String(Date.parse(clock.since)) : "";
  element.dataset["until"] = clock.waits && clock.until ? String(Date.parse(clock.until)) : "";
  if (!element.querySelector("svg.sk-turn")) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "sk-turn");
    svg.setAttribute("viewBox", "0 0 40 40");
    svg.setAttribute("aria-hidden", "true");
    const left = circle("is-left");
    left.setAttribute("stroke-dasharray", String(ROUND));
    svg.append(circle(""), left);
    const text = document.createElement("span");
    element.replaceChildren(svg, text);
  }
  turn(element);
}

/** Draw what is left; beyond the end the seconds over. */
export function turn(element: HTMLElement): void {
  const text = element.querySelector("span");
  const left = element.querySelector(".is-left");
  if (!text || !left) return;
  const since = Number(element.dataset["since"] || Number.NaN);
  const until = Number(element.dataset["until"] || Number.NaN);
  const now = businessNow();
  if (Number.isNaN(since)) {
    element.dataset["tone"] = "none";
    if (!text.firstElementChild) text.replaceChildren(icon("check"));
    return;
  }
  let part = 1;
  let tone = "blue";
  let label = short(now - since);
  if (!Number.isNaN(until)) {
    part = Math.max(0, (until - now) / Math.max(1, until - since));
    tone = now >= until ? "red" : part < 0.5 ? "amber" : "green";
    label = now >= until ? `+${short(now - until)}` : short(until - now);
    if (tone === "red") part = 1;
  } else if (now - since > LONG_WAIT_MS) tone = "amber";
  element.dataset["tone"] = tone;
  left.setAttribute("stroke-dashoffset", String(ROUND * (1 - part)));
  element.toggleAttribute("data-long", label.length > 3);
  if (text.textContent !== label) text.textContent = label;
}

/** 9s, 4m, 3h, 2d: what fits into a ring. */
function short(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 100) return `${seconds}s`;
  if (seconds < 6_000) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
