/**
 * Asks a running server for the captions of the sample photos and keeps them as the pages' examples, so that a page opens
 * with a finished answer of the real model. Run it again whenever the models change:
 *
 *     node scripts/precompute-examples.mjs http://localhost:3000
 */
import { openAsBlob } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { main, Stop } from "./command.mjs";

const SAMPLES = "public/samples";
const EXAMPLES = "app/captioning/examples.json";

await main(async () => {
  const origin = process.argv[2] ?? "http://localhost:3000";
  const examples = {};
  for (const name of (await readdir(SAMPLES)).filter((file) => file.endsWith(".webp")).sort()) {
    examples[name.replace(/\.webp$/, "")] = await caption(origin, name);
  }
  // One line a sample: a change of the model shows as as many changed lines.
  const lines = Object.entries(examples).map(([id, answer]) => `${JSON.stringify(id)}: ${JSON.stringify(answer)}`);
  await writeFile(EXAMPLES, `{\n${lines.join(",\n")}\n}\n`);
  console.log(`${lines.length} examples are in ${EXAMPLES}.`);
});

async function caption(origin, name) {
  const body = new FormData();
  body.set("image", await openAsBlob(join(SAMPLES, name)), name);
  body.set("attention", "true");
  const response = await fetch(`${origin}/api/captioning`, { method: "POST", body }).catch(() => {
    throw new Stop(`No server answers at ${origin}: start one with \`npm start\`, or name its address.`);
  });
  const answer = await response.json();
  if (!response.ok) throw new Stop(`The server refused ${name}: ${answer.detail}`);
  console.log(`${name}: ${answer.captions[0].text}`);
  return answer;
}
