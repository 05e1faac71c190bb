// Shapes of things that come without types: Alpine's build for strict policies, and what pages share.
declare module "@alpinejs/csp" {
  interface Alpine {
    start(): void;
    data(name: string, make: (...given: unknown[]) => Record<string, unknown>): void;
  }
  const alpine: Alpine;
  export default alpine;
}

declare module "*.css";

interface Window {
  htmx?: { process(element: Element): void };
}
