// Money as the server's pages write it: ¥1,234.50 in both languages.
const SIGNS: Record<string, string> = { CNY: "¥", BRL: "R$", USD: "US$", EUR: "€", JPY: "JP¥" };
const figures = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export function price(minor: number, currency: string): string {
  return `${minor < 0 ? "−" : ""}${SIGNS[currency] ?? `${currency} `}${figures.format(Math.abs(minor) / 100)}`;
}
