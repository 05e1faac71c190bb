// Reads a keyboard-wedge scanner: fast bursts ended by Enter or Tab, whatever has the focus and whatever IME is on.
const PREFIXES = /^(?:\]C1|\]E0|\]Q3|\]d2)/i;
const BOUNCE_MS = 250;

/** What was meant: without symbology prefixes, controls and spaces, in upper case. */
export function normalise(raw: string): string {
  return raw
    .normalize("NFKC")
    .replace(/[\u0000-\u001f\u007f\s]/g, "")
    .replace(PREFIXES, "")
    .toUpperCase();
}

/** The character of a physical key, for keyboards whose input method swallows the letters. */
export function physical(event: KeyboardEvent): string {
  const letter = /^Key([A-Z])$/.exec(event.code) ?? /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (letter) return letter[1] ?? "";
  return { Minus: "-", NumpadSubtract: "-", Slash: "/", Period: ".", Semicolon: event.shiftKey ? ":" : ";" }[event.code] ?? "";
}

export class Scanner {
  private swallowed = "";
  private lastCode = "";
  private lastAt = 0;

  constructor(
    private readonly field: HTMLInputElement,
    private readonly take: (code: string) => void,
  ) {
    document.addEventListener("keydown", (event) => this.key(event), true);
    field.addEventListener("compositionend", () => {
      if (this.swallowed) field.value = this.swallowed;
    });
    document.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text") ?? "";
      if (!/[\r\n]/.test(text)) return;
      event.preventDefault();
      for (const line of text.split(/\r?\n/)) this.finish(line);
    });
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const composing = event.isComposing || event.key === "Process" || event.keyCode === 229;
    if (composing) this.swallowed += physical(event);
    if (event.key === "Enter" || (event.key === "Tab" && this.field.value)) {
      if (event.target instanceof HTMLElement && event.target !== this.field && event.target.matches("button, a, input, textarea, select")) return;
      event.preventDefault();
      this.finish(this.swallowed || this.field.value);
    } else if (event.key === "Escape") {
      this.clear();
    } else if (event.key.length === 1 && document.activeElement !== this.field && !isOtherField(event.target)) {
      this.field.focus();
    }
  }

  private clear(): void {
    this.swallowed = "";
    this.field.value = "";
  }

  private finish(raw: string): void {
    this.clear();
    const code = normalise(raw);
    if (!code) return;
    const now = performance.now();
    if (code === this.lastCode && now - this.lastAt < BOUNCE_MS) return; // one pull of the trigger read twice
    this.lastCode = code;
    this.lastAt = now;
    this.take(code);
  }
}

function isOtherField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([data-scan]), textarea, select");
}
