// Runs before the first paint: the theme a person chose, or the system's.
const root = document.documentElement;
const dark = root.dataset["theme"] === "dark" || (root.dataset["theme"] !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
root.dataset["bsTheme"] = dark ? "dark" : "light";
