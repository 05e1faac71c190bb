// What scrolls sideways can be reached by keyboard: only while it scrolls, and only where nothing in it takes the focus.
import { all } from "./dom";

const SCROLLS = ".sk-scroll-x, .table-responsive, .sk-table-wrap, .sk-codes";
const FOCUSABLE = "a[href], button, input, select, textarea, summary";

function look(): void {
  for (const region of all(SCROLLS)) {
    const scrolls = region.scrollWidth > region.clientWidth + 1 || region.scrollHeight > region.clientHeight + 1;
    if (scrolls && !region.querySelector(FOCUSABLE)) region.tabIndex = 0;
    else if (region.tabIndex === 0) region.removeAttribute("tabindex");
  }
}

export function startScrolls(): void {
  look();
  document.body.addEventListener("htmx:afterSettle", look);
  window.addEventListener("resize", look);
}
