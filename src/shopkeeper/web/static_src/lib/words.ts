// Words of the islands: both languages side by side, like everywhere else.
export const chinese = document.documentElement.lang.startsWith("zh");

export function t(zh: string, en: string, facts: Record<string, string | number> = {}): string {
  const pattern = chinese ? zh : en;
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? ""));
}
