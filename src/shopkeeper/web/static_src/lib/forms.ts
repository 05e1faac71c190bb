// Forms: one submission at a time, a guard against leaving with unsaved work, focus on the first mistake.
import { all, on, one } from "./dom";
import { t } from "./words";

let dirty = false;

export function startForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    dirty = false;
    if (form.hasAttribute("hx-post") || event.defaultPrevented) return;
    if (form.dataset["sent"]) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "1";
    for (const button of all<HTMLButtonElement>("button[type=submit]", form)) button.setAttribute("aria-busy", "true");
    window.setTimeout(() => {
      delete form.dataset["sent"];
      for (const button of all("button[aria-busy]", form)) button.removeAttribute("aria-busy");
    }, 8000);
  });
  on("input", "form[data-guard]", () => {
    dirty = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    for (const form of all<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
  });
  goTo(one(".is-invalid"));
  // Only what has just arrived: a panel that is renewed while one types takes nobody away from their field.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!(event.target instanceof HTMLElement)) return;
    const mistake = event.target.querySelector<HTMLElement>(".is-invalid");
    if (mistake) goTo(mistake);
    else if (event.target.matches("#form form")) one("[role=alert]", event.target)?.scrollIntoView({ block: "center" });
  });
  on("click", "[data-toggle-password]", (button) => {
    const field = one<HTMLInputElement>(`#${button.dataset["togglePassword"] ?? ""}`);
    if (!field) return;
    field.type = field.type === "password" ? "text" : "password";
    button.setAttribute("aria-label", field.type === "password" ? t("显示密码", "Show password") : t("隐藏密码", "Hide password"));
  });
}

/** To a mistake: in the middle of the window, clear of the bars that stay at its edges. */
function goTo(mistake: HTMLElement | null): void {
  mistake?.focus({ preventScroll: true });
  mistake?.scrollIntoView({ block: "center", inline: "nearest" });
}
