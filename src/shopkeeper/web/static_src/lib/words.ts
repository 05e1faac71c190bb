// Words of the islands: both languages side by side, like everywhere else; English counts as in shared/words.py:
// "{n:# scan waits|# scans wait}".
export const chinese = document.documentElement.lang.startsWith("zh");

export function t(zh: string, en: string, facts: Record<string, string | number> = {}): string {
  const pattern = chinese ? zh : en;
  return pattern.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, name: string, one?: string, many?: string) => {
    const said = String(facts[name] ?? "");
    return one === undefined || many === undefined ? said : (said === "1" ? one : many).replaceAll("#", said);
  });
}
