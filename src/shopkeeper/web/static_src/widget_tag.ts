// The tag for any shop page: <script src="…/widget_tag.js" data-shop="code" data-identity="…" defer></script>
// A button at the corner, and the chat in a frame of its own origin. The identity travels behind `#`, never to a log.
const tag = document.currentScript as HTMLScriptElement | null;

function put(tag: HTMLScriptElement): void {
  const origin = new URL(tag.src).origin;
  const identity = tag.dataset["identity"] ?? "";
  const chinese = document.documentElement.lang.startsWith("zh") || navigator.language.startsWith("zh");
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "closed" });
  const look = new CSSStyleSheet();
  look.replaceSync(`
    button { position: fixed; inset-inline-end: 20px; inset-block-end: 20px; z-index: 2147483000; min-width: 56px; height: 56px;
      padding: 0 18px; border: 0; border-radius: 28px; background: #3644b5; color: #fff; font: 600 15px system-ui, sans-serif;
      box-shadow: 0 6px 20px rgb(0 0 0 / 25%); cursor: pointer; }
    button[data-unread]::after { content: ""; position: absolute; inset-block-start: 4px; inset-inline-end: 6px; width: 12px; height: 12px;
      border-radius: 50%; background: #dc3a30; border: 2px solid #fff; }
    iframe { position: fixed; inset-inline-end: 20px; inset-block-end: 88px; z-index: 2147483000; width: 380px;
      height: min(600px, calc(100vh - 108px)); border: 0; border-radius: 14px; box-shadow: 0 10px 40px rgb(0 0 0 / 30%); background: #fff; }
    @media (max-width: 480px) { iframe { inset: 0; width: 100vw; height: 100dvh; border-radius: 0; } }
    [hidden] { display: none; }`);
  root.adoptedStyleSheets = [look];
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = chinese ? "在线客服" : "Chat";
  button.setAttribute("aria-expanded", "false");
  let frame: HTMLIFrameElement | null = null;
  const show = (open: boolean): void => {
    if (open && !frame) {
      frame = document.createElement("iframe");
      frame.title = chinese ? "在线客服" : "Chat";
      frame.src = `${origin}/widget/${encodeURIComponent(tag.dataset["shop"] ?? "")}/#identity=${encodeURIComponent(identity)}`;
      root.append(frame);
    }
    if (frame) frame.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    button.removeAttribute("data-unread");
  };
  button.addEventListener("click", () => show(!frame || frame.hidden !== false));
  window.addEventListener("message", (event: MessageEvent<{ shopkeeper?: string }>) => {
    if (event.origin !== origin || event.source !== frame?.contentWindow) return;
    if (event.data.shopkeeper === "close") show(false);
    if (event.data.shopkeeper === "unread" && frame?.hidden) button.setAttribute("data-unread", "");
  });
  root.append(button);
  document.body.append(host);
}

if (tag) put(tag);

export {};
