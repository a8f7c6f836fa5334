import { expect, test } from "@playwright/test";
import { auditPages, LEAST } from "../scripts/lighthouse/audit.mjs";

test("Lighthouse finds nothing on a page that is static and one that runs a model", async ({ baseURL }) => {
  test.setTimeout(180_000);
  // Not the speed: beside other tests it is theirs as much as the page's. `npm run lighthouse` measures it.
  const categories = ["accessibility", "best-practices", "seo"];
  const addresses = ["/", "/captioning"].map((path) => `${baseURL}${path}`);
  const audited: string[] = [];
  await auditPages(addresses, categories, (address, { scores, failures }) => {
    audited.push(address);
    expect(Object.keys(scores)).toEqual(categories);
    for (const category of categories)
      expect(scores[category], `${category}: ${failures}`).toBeGreaterThanOrEqual(LEAST);
  });
  expect(audited).toEqual(addresses);
});
