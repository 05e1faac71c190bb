// What a person sets for themselves: theme, width of the navigation; and small conveniences like copying.
import { all, announce, icon, on, setCookie } from "./dom";
import { show } from "./toasts";
import { t } from "./words";

function applyTheme(choice: string): void {
  const dark = choice === "dark" || (choice === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset["bsTheme"] = dark ? "dark" : "light";
  document.documentElement.dataset["theme"] = choice;
  for (const button of all("[data-set-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset["setTheme"] === choice));
  }
}

async function copy(button: HTMLElement): Promise<void> {
  const text = button.dataset["copy"] ?? "";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    show({ tone: "amber", text: t("浏览器不让复制，请手动选取", "The browser does not allow copying; select it by hand") });
    return;
  }
  announce(t("已复制 {x}", "Copied {x}", { x: text }));
  const drawing = button.querySelector("svg");
  if (!drawing || button.classList.contains("is-copied")) return;
  button.classList.add("is-copied");
  const tick = icon("check");
  drawing.replaceWith(tick);
  window.setTimeout(() => {
    tick.replaceWith(drawing);
    button.classList.remove("is-copied");
  }, 1200);
}

export function startPersonal(): void {
  on("click", "[data-set-theme]", (button) => {
    const choice = button.dataset["setTheme"] ?? "auto";
    setCookie("sk_theme", choice);
    applyTheme(choice);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    applyTheme(document.documentElement.dataset["theme"] ?? "auto");
  });
  on("click", "[data-nav-fold]", () => {
    const folded = document.body.classList.toggle("nav-folded");
    setCookie("sk_nav", folded ? "folded" : "open");
  });
  on<MouseEvent>("click", "[data-copy]", (button, event) => {
    event.preventDefault();
    event.stopPropagation();
    void copy(button);
  });
  on("change", "[data-submit-on-change]", (field) => field.closest("form")?.requestSubmit());
  on("click", "[data-print]", () => window.print());
}
