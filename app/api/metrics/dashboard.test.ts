import { readFile } from "node:fs/promises";
import type { Metric, Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ERROR_CODES } from "@/lib/inference/errors";
import { startTinyServer, type TinyServer } from "@/lib/server/fixtures/tiny-server";

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

let server: TinyServer;
let registry: Registry;
let dashboard: Dashboard;

beforeAll(async () => {
  server = await startTinyServer();
  const [{ GET }, { getHttpMetrics }] = await Promise.all([import("./route"), import("@/lib/http/metrics")]);
  await GET(new Request("http://localhost/api/metrics"), {});
  registry = getHttpMetrics().registry;
  dashboard = JSON.parse(await readFile("deploy/grafana/inkling.json", "utf8"));
});
afterAll(() => server.stop());

/** What Prometheus itself adds. */
const ADDED_LABELS = ["instance", "le"];

function metricsOf(query: string): Metric[] {
  return [...query.matchAll(/\b(?:inkling|nodejs|process)_\w+/g)].map(([name]) => {
    const metric = registry.getSingleMetric(name) ?? registry.getSingleMetric(name.replace(/_(bucket|count|sum)$/, ""));
    expect(metric, `${name} in ${query}`).toBeDefined();
    return metric as Metric;
  });
}

/** Labels that a query selects or groups by. */
function labelsOf(query: string): string[] {
  const selected = [...query.matchAll(/\{([^}]*)\}/g)].flatMap(([, matchers = ""]) =>
    [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label),
  );
  const grouped = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = ""]) => labels.split(/,\s*/));
  return [...selected, ...grouped];
}

describe("the Grafana dashboard", () => {
  it("asks for metrics and labels that the server has", () => {
    const queries = [
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...dashboard.templating.list.flatMap(({ definition }) => definition ?? []),
    ];
    expect(queries.length).toBeGreaterThan(15);
    for (const query of queries) {
      const metrics = metricsOf(query);
      expect(metrics.length, query).toBeGreaterThan(0);
      // What prom-client's types leave out.
      const known = metrics.flatMap((metric) => (metric as unknown as { labelNames: string[] }).labelNames);
      for (const label of labelsOf(query)) expect([...known, ...ADDED_LABELS], query).toContain(label);
    }
  });

  it("selects codes that problems have", () => {
    const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const codes = queries.flatMap((query) => /\bcode=~"([^"]+)"/.exec(query)?.[1]?.split("|") ?? []);
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(Object.keys(ERROR_CODES)).toContain(code);
  });

  it("shows each of the app's own metrics", () => {
    const shown = new Set(dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsOf(expr))));
    const own = registry.getMetricsAsArray().map(({ name }) => name);
    for (const name of own.filter((each) => each.startsWith("inkling_"))) {
      expect(shown, name).toContain(registry.getSingleMetric(name));
    }
  });
});
