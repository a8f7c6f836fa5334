import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { withOwnServer } from "./fixtures/own-server";

const LONG_TEXT = Array.from({ length: 12 }, () => "words that take the pen a while").join("\n");

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} lets a request end, and its spans reach the collector`, async () => {
    test.setTimeout(180_000);
    let received = "";
    const collector = createServer(async (request, response) => {
      for await (const chunk of request) received += chunk;
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
    await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
    try {
      await withOwnServer(
        async ({ url, process: server, ended }) => {
          const answer = fetch(`${url}/api/handwriting`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ text: LONG_TEXT, seed: 1 }),
          });
          const isUnderWay = async () =>
            /^inkling_admission_weight (?!0$)/m.test(await (await fetch(`${url}/api/metrics`)).text());
          await expect.poll(isUnderWay, { intervals: [20] }).toBe(true);
          server.kill(signal);
          expect((await answer).status).toBe(200);
          await (await answer).text();
          expect(await ended).toBe(0);
          for (const span of ["POST /api/handwriting", "handwriting write"])
            expect(received).toContain(`"name":"${span}"`);
        },
        {
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
          // Nothing is sent by itself.
          OTEL_BSP_SCHEDULE_DELAY: "3600000",
        },
      );
    } finally {
      collector.close();
    }
  });
}
