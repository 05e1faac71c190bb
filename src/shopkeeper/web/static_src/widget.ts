// The customer's chat: shows each line once whatever the network does, sends each line once, works on a phone.
import { putWords } from "./chat/links";
import { Outbox, type Outgoing, PATIENCE_MS, post, type Refusal, type Sent, wordsOf } from "./chat/outbox";
import { Stream } from "./chat/stream";
import { make, one } from "./lib/dom";
import { price } from "./lib/money";
import { t } from "./lib/words";

interface Card {
  name: string;
  spec: string;
  price_minor: number;
  currency: string;
  available: number;
}

interface Line {
  sequence: number;
  client_id: string;
  sender: string;
  said_at: string;
  text: string;
  card: Card | null;
  picture: number | null;
}

const base = document.body.dataset["base"] ?? "";
const KEPT = `sk-widget:${base}`;
const list = one("[data-lines]");
const field = one<HTMLTextAreaElement>("[data-text]");
let session = "";
let conversation: number | null = null;
let token = "";
let last = 0;
const shown = new Map<string, HTMLElement>();

function kept(): string {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return ""; // a browser that keeps nothing: an anonymous visitor each time
  }
}

function keep(value: string): void {
  try {
    localStorage.setItem(KEPT, value);
  } catch {
    session = value;
  }
}

function note(text: string, bad = false): void {
  const place = one("[data-note]");
  if (!place) return;
  place.textContent = text;
  place.hidden = !text;
  place.classList.toggle("is-bad", bad);
}

function bearer(): Record<string, string> {
  return { Authorization: `Bearer ${session}` };
}

function goods(card: Card): HTMLElement {
  const box = make("div", "w-goods");
  const stock = card.available > 0 ? t("有货", "In stock") : t("暂时缺货", "Out of stock");
  box.append(make("b", "", `${card.name} ${card.spec}`), make("span", "w-price", price(card.price_minor, card.currency)), make("span", "", ` · ${stock}`));
  return box;
}

async function showPicture(box: HTMLElement, id: number): Promise<void> {
  const answer = await fetch(`${base}pictures/${id}/`, { headers: bearer() });
  if (!answer.ok) return;
  const picture = make("img");
  picture.alt = t("图片", "Picture");
  picture.src = URL.createObjectURL(await answer.blob());
  picture.addEventListener("load", toEnd);
  box.append(picture);
}

function toEnd(): void {
  if (list) list.scrollTop = list.scrollHeight;
}

function time(said: string): string {
  return new Date(said).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
}

function row(sender: string): HTMLElement {
  const made = make("div", `w-line is-${sender}`);
  made.append(make("div", "w-bubble"), make("p", "w-meta"));
  return made;
}

function fill(made: HTMLElement, line: Pick<Line, "text" | "card" | "picture">, meta: string): void {
  const bubble = one(".w-bubble", made);
  if (bubble && !bubble.dataset["filled"]) {
    bubble.dataset["filled"] = "1"; // a picture comes later; nothing is put in twice
    putWords(bubble, line.text);
    if (line.card) bubble.append(goods(line.card));
    if (line.picture !== null) void showPicture(bubble, line.picture);
  }
  const place = one(".w-meta", made);
  if (place) place.textContent = meta;
}

/** Show a line of the server's; one's own replaces what stood there while it was on its way. */
function show(line: Line): void {
  if (line.sequence <= last && shown.has(`s${line.sequence}`)) return;
  last = Math.max(last, line.sequence);
  const own = line.client_id ? shown.get(`c${line.client_id}`) : undefined;
  const made = own ?? row(line.sender);
  made.classList.remove("is-waiting", "is-failed");
  const who = line.sender === "agent" ? `${t("客服", "Agent")} · ` : line.sender === "bot" ? `${t("自动回复", "Automatic")} · ` : "";
  fill(made, line, who + time(line.said_at));
  shown.set(`s${line.sequence}`, made);
  const empty = one("[data-empty]");
  if (empty) empty.hidden = true;
  list?.append(made);
  toEnd();
  if (line.sender === "agent" && document.hidden) window.parent.postMessage({ shopkeeper: "unread" }, "*");
}

const stream = new Stream(() => (token ? `/live/chat?token=${encodeURIComponent(token)}&after=${last}` : ""), {
  heard: (data) => show(JSON.parse(data) as Line),
  state: (up) => note(up ? "" : t("网络断开，正在重连；消息不会丢", "Offline, reconnecting. Nothing is lost")),
});

/** A new conversation counts its lines from the beginning. */
function follow(id: number | null, fresh: string): void {
  if (id === null || !fresh) return;
  if (id !== conversation) {
    conversation = id;
    last = 0;
    for (const key of [...shown.keys()]) if (key.startsWith("s")) shown.delete(key);
    token = fresh;
    stream.open();
  }
}

async function send(line: Outgoing): Promise<Sent> {
  if (!session && !(await enter())) return null;
  const sent = await post(`${base}lines/`, { client_id: line.client_id, text: line.text, picture_id: line.picture_id ?? null }, bearer());
  if (sent && !sent.ok && sent.refusal.status === 401) {
    session = "";
    keep("");
    return null; // a new session, and the same line again under the same key
  }
  return sent;
}

const outbox = new Outbox(`sk-widget-out:${base}`, send, {
  sent: (_line, answer) => follow(Number(answer["conversation"]), String(answer["stream"] ?? "")),
  refused: failed,
  waiting: (_count, offline) => offline && note(t("网络断开，恢复后自动发送", "Offline; it is sent as soon as you are back")),
});

function failed(line: Outgoing, refusal: Refusal): void {
  const made = shown.get(`c${line.client_id}`);
  made?.classList.add("is-failed");
  const meta = made && one(".w-meta", made);
  if (meta) meta.textContent = t("没有发送", "Not sent");
  note(refusal.words || t("这条消息没有发送，请稍后再试。", "This was not sent. Try again in a moment."), true);
}

function expect(line: Outgoing, picture: number | null): void {
  const made = row("customer");
  made.classList.add("is-waiting");
  fill(made, { text: line.text, card: null, picture }, t("发送中…", "Sending…"));
  shown.set(`c${line.client_id}`, made);
  const empty = one("[data-empty]");
  if (empty) empty.hidden = true;
  list?.append(made);
  toEnd();
}

function say(text: string): void {
  if (!text.trim()) return;
  note("");
  expect(outbox.add({ to: base, text: text.trim() }), null);
}

async function sendPicture(file: File): Promise<void> {
  if (!session && !(await enter())) return;
  note(t("图片上传中…", "Uploading the picture…"));
  const form = new FormData();
  form.append("file", file, "picture");
  try {
    const answer = await fetch(`${base}pictures/`, { method: "POST", headers: bearer(), body: form, signal: AbortSignal.timeout(6 * PATIENCE_MS) });
    const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
    if (!answer.ok) {
      note(wordsOf(body) || t("图片没有发送", "The picture was not sent"), true);
      return;
    }
    note("");
    const id = Number(body["picture_id"]);
    expect(outbox.add({ to: base, text: "", picture_id: id }), id);
  } catch {
    note(t("网络断开，图片没有发送，请再试一次", "Offline: the picture was not sent, try again"), true);
  }
}

/** Who is there: what the shop's page signed, else whoever this browser was before. */
async function enter(): Promise<boolean> {
  const identity = new URLSearchParams(location.hash.slice(1)).get("identity") ?? "";
  const sent = await post(`${base}session/`, { identity, session: kept() }, {});
  if (sent === null) {
    note(t("网络断开，正在重连", "Offline, reconnecting"));
    return false;
  }
  if (!sent.ok) {
    note(sent.refusal.words, true);
    return false; // an identity that is not believed stays outside
  }
  const answer = sent.answer as { session: string; conversation: number | null; stream: string; lines: Line[]; is_open: boolean };
  session = answer.session;
  keep(session);
  if (answer.conversation !== null) {
    conversation = answer.conversation;
    for (const line of answer.lines) show(line);
    token = answer.stream;
    stream.open();
  }
  return true;
}

/** Come in, again and again while the network is away; then send what was left from before. */
async function arrive(): Promise<void> {
  if (!(await enter())) {
    window.setTimeout(() => void arrive(), 2_000);
    return;
  }
  for (const line of outbox.pending) if (!shown.has(`c${line.client_id}`)) expect(line, line.picture_id ?? null);
  void outbox.work();
}

function start(): void {
  const composer = one<HTMLFormElement>("[data-composer]");
  composer?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!field) return;
    say(field.value);
    field.value = "";
    field.focus();
  });
  field?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    composer?.requestSubmit();
  });
  const file = one<HTMLInputElement>("[data-file]");
  one("[data-picture]")?.addEventListener("click", () => file?.click());
  file?.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen) void sendPicture(chosen);
    file.value = "";
  });
  for (const ask of document.querySelectorAll<HTMLElement>("[data-ask]")) ask.addEventListener("click", () => say(ask.dataset["ask"] ?? ""));
  const close = one("[data-close]");
  if (close && window.parent !== window) {
    close.hidden = false;
    close.addEventListener("click", () => window.parent.postMessage({ shopkeeper: "close" }, "*"));
  }
  void arrive();
  window.addEventListener("pagehide", () => stream.close());
  window.addEventListener("pageshow", (event) => event.persisted && stream.open());
}

if (document.body.dataset["widget"] !== undefined) start();
