// The scan station: one always-focused field, an answer to be read from two metres, nothing lost without network.
import { businessNow, SHOP_ZONE } from "./lib/clock";
import { all, announce, icon, make, on, one } from "./lib/dom";
import { t } from "./lib/words";
import { type Answer, type Scan, ScanQueue } from "./station/queue";
import { Scanner } from "./station/scanner";
import { muted, play, setMuted, speak } from "./station/sound";

const station = one("[data-station]");
const field = one<HTMLInputElement>("[data-scan]");
const ICONS = { good: "circle-check", warn: "alert-triangle", bad: "circle-x", wait: "loader-2" } as const;
let repeating = 0;

function showAnswer(verdict: keyof typeof ICONS, title: string, detail = ""): void {
  const block = one("[data-answer]");
  if (!block) return;
  block.dataset["verdict"] = verdict;
  const heading = make("div", "sk-answer-title");
  heading.append(icon(ICONS[verdict]), make("span", "", title));
  block.replaceChildren(heading, make("div", "sk-answer-detail", detail));
  block.classList.remove("is-fresh");
  requestAnimationFrame(() => block.classList.add("is-fresh"));
  announce(`${title} ${detail}`);
}

function showNext(answer: Answer): void {
  const next = one("[data-next]");
  if (next && answer.next !== undefined) {
    next.hidden = !answer.next;
    const text = next.querySelector("span");
    if (text) text.textContent = answer.next;
  }
  if (field && answer.prompt !== undefined) {
    field.placeholder = answer.prompt;
    const label = one("[data-prompt]");
    if (label) label.textContent = answer.prompt;
  }
  const tote = one("[data-tote]");
  if (tote && answer.progress) {
    const [done, of] = answer.progress;
    tote.hidden = false;
    const bar = tote.querySelector("progress");
    if (bar) {
      bar.max = of;
      bar.value = done;
      bar.classList.toggle("is-done", done >= of);
    }
    const text = tote.querySelector("span");
    if (text) text.textContent = t("{done} / {of} 件", "{done} / {of} pcs", { done, of });
  }
}

/** A command by the name of its key, anything else as it was scanned. */
function called(code: string): string {
  if (!code.startsWith("CMD:")) return code;
  const quantity = /^CMD:QTY:(\d+)$/.exec(code);
  if (quantity) return t("数量 {n}", "Quantity {n}", { n: quantity[1] ?? "" });
  if (code === "CMD:TAKE") return t("接手订单", "Take the order over");
  const key = document.querySelector(`.sk-station-keys [data-code="${CSS.escape(code)}"]`);
  const name = [...(key?.childNodes ?? [])].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent ?? "");
  return name.join("").trim() || code;
}

function noteScan(scan: Scan, verdict: string, text: string): void {
  const list = one("[data-scans]");
  if (!list) return;
  const row = list.querySelector<HTMLElement>(`[data-key="${scan.key}"]`) ?? make("li");
  row.dataset["key"] = scan.key;
  row.dataset["verdict"] = verdict;
  // The shop's time, as everywhere else; the machine's stays with the scan, to tell when it was really made.
  row.dataset["at"] ??= String(businessNow());
  const time = new Date(Number(row.dataset["at"])).toLocaleTimeString("zh-CN", { hour12: false, timeZone: SHOP_ZONE });
  const words = make("div");
  words.append(make("b", "", called(scan.code)), make("br"), make("span", "", text));
  row.replaceChildren(words, make("span", "", time));
  if (!row.parentElement) list.prepend(row);
  while (list.children.length > 10) list.lastElementChild?.remove();
  const none = one("[data-no-scans]");
  if (none) none.hidden = true;
}

function stopRepeating(): void {
  window.clearInterval(repeating);
  repeating = 0;
}

function answered(scan: Scan, answer: Answer): void {
  stopRepeating();
  showAnswer(answer.verdict, answer.title, answer.detail);
  showNext(answer);
  noteScan(scan, answer.verdict, answer.title);
  const panel = one("#station-panel");
  if (panel && answer.panel !== undefined) {
    panel.innerHTML = answer.panel; // our own server's fragment, escaped there
    window.htmx?.process(panel);
    panel.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }
  const aloud = (): void => {
    play(answer.verdict);
    speak(answer.say ?? answer.title);
  };
  aloud();
  if (answer.repeat) repeating = window.setInterval(aloud, 4_000); // an error repeats until somebody reacts
  if (answer.open_url) window.open(answer.open_url, "_blank", "noopener");
}

function waiting(scans: readonly Scan[], offline: boolean): void {
  const note = one("[data-offline]");
  if (!note) return;
  note.hidden = !offline;
  const text = note.querySelector("span");
  if (text) text.textContent = t("网络断开，{n} 次扫描待发送；可以继续扫，不会丢", "Offline: {n:# scan|# scans} waiting. Keep scanning, nothing is lost", { n: scans.length });
}

function stopped(status: number): void {
  const signedOut = status === 401 || status === 403;
  showAnswer("bad", signedOut ? t("请重新登录", "Sign in again") : t("这次扫描没有被接受", "This scan was not accepted"), signedOut ? t("登录后未发送的扫描会自动补发", "Waiting scans are sent after you signed in") : t("编号 {s}，请叫主管", "Status {s}, call the supervisor", { s: status }));
  play("bad");
}

function start(root: HTMLElement, input: HTMLInputElement): void {
  const queue = new ScanQueue(root.dataset["scanUrl"] ?? location.pathname, `sk-station:${location.pathname}`, { answered, waiting, stopped }, JSON.parse(root.dataset["context"] || "{}") as Record<string, string>);
  const take = (code: string): void => {
    stopRepeating();
    window.speechSynthesis?.cancel();
    const scan = queue.add(code);
    noteScan(scan, "wait", t("发送中", "Sending"));
  };
  new Scanner(input, take);
  for (const scan of queue.pending) noteScan(scan, "wait", t("待发送", "Waiting"));
  document.addEventListener("keydown", (event) => {
    if (one("dialog[open]")) return;
    if (event.key === "F2") input.focus();
    else if (event.key === "F1") one("[data-dialog=keys-help]")?.click();
    else {
      const button = one(`[data-key="${CSS.escape(event.key)}"][data-code]`);
      if (!button) return;
      button.click();
    }
    event.preventDefault();
  });
  on("click", "[data-code]", (button) => {
    take(button.dataset["code"] ?? "");
    input.focus();
  });
  input.addEventListener("blur", () => {
    one(".sk-scan")?.classList.add("is-away");
    window.setTimeout(() => {
      const elsewhere = document.activeElement;
      if (elsewhere === document.body || elsewhere === null) input.focus();
    }, 150);
  });
  input.addEventListener("focus", () => one(".sk-scan")?.classList.remove("is-away"));
  startSwitches(input);
  input.focus();
}

function startSwitches(input: HTMLInputElement): void {
  const showMuted = (): void => {
    for (const button of all("[data-mute]")) {
      button.setAttribute("aria-pressed", String(muted));
      button.replaceChildren(icon(muted ? "volume-off" : "volume"), make("span", "sk-hidden-text", muted ? t("打开声音", "Sound on") : t("静音", "Mute")));
    }
  };
  on("click", "[data-mute]", () => {
    setMuted(!muted);
    showMuted();
    input.focus();
  });
  on("click", "[data-keyboard]", (button) => {
    const on = input.inputMode === "none";
    input.inputMode = on ? "text" : "none";
    button.setAttribute("aria-pressed", String(on));
    input.focus();
  });
  showMuted();
}

if (station && field) start(station, field);
