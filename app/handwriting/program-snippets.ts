/** The same call from a program, for exactly what is on screen. */
import { DEFAULT_BIAS, DEFAULT_LINE_WIDTH } from "@/lib/handwriting/options";
import { type Snippet, shellQuote } from "@/lib/ui/run/snippet";
import { DREAM_LINES, type WritingSettings } from "./settings";

/** The name of a file with the visitor's own hand, as the page hands it out. */
export const HAND_FILE = "hand.json";

/**
 * @param origin - of the server, e.g. `https://inkling.example`
 * @param ownHand - whether it goes on in the visitor's own hand, which a program reads from `HAND_FILE`
 */
export function programSnippets(origin: string, settings: WritingSettings, ownHand: boolean): Snippet[] {
  const { text, dream, seed, style, bias, lineWidth } = settings;
  const address = `${origin}/api/handwriting`;
  const body = JSON.stringify({
    ...(dream ? { dream: DREAM_LINES } : { text }),
    seed,
    ...(ownHand ? {} : { style }),
    bias,
    ...(dream ? {} : { lineWidth }),
  });
  const python = `dict(${dream ? `dream=${DREAM_LINES}` : `text=${JSON.stringify(text)}`}, seed=${seed}, ${
    ownHand ? `prime=json.load(open("${HAND_FILE}")), ` : pythonStyle(style)
  }bias=${bias}${dream ? "" : `, lineWidth=${lineWidth}`})`;
  const snippets: Snippet[] = [
    {
      language: "curl",
      code: ownHand
        ? `jq '${body.replaceAll("'", "'\\''")} + {prime: .}' ${HAND_FILE} | curl ${address} \\
  -H 'content-type: application/json' -H 'accept: image/svg+xml' \\
  --data-binary @- -o handwriting.svg`
        : `curl ${address} \\
  -H 'content-type: application/json' -H 'accept: image/svg+xml' \\
  --data-raw ${shellQuote(body)} -o handwriting.svg`,
    },
    {
      language: "Python",
      code: `${ownHand ? "import json\n\n" : ""}import requests

response = requests.post(
    "${address}",
    json=${python},
)
response.raise_for_status()
for stroke in response.json()["strokes"]:
    print(stroke)  # [[x, y], …] with the pen down`,
    },
    {
      language: "TypeScript",
      code: `${ownHand ? `import { readFileSync } from "node:fs";\n\nconst prime = JSON.parse(readFileSync("${HAND_FILE}", "utf8"));\n` : ""}const response = await fetch("${address}", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(${ownHand ? body.replace(/}$/, ',"prime":prime}') : body}),
});
if (!response.ok) throw new Error((await response.json()).detail);
const { strokes, width, height } = await response.json();
for (const stroke of strokes) console.log(stroke); // [[x, y], …] with the pen down
// With the header "accept: application/x-ndjson" the ink comes while it is written.`,
    },
  ];
  // A picture's address says neither one's own hand nor a dream.
  if (ownHand || dream) return snippets;
  const embed = `${address}?${embedQuery(settings)}`;
  return [
    ...snippets,
    { language: "HTML", code: `<img src="${escapeAttribute(embed)}" alt="${escapeAttribute(text)}">` },
  ];
}

/** What the API's picture is made of; the same address is always the same picture. */
function embedQuery({ text, seed, style, bias, lineWidth }: WritingSettings): string {
  const query = new URLSearchParams({ text, seed: String(seed) });
  if (style !== undefined) query.set("style", style ?? "none");
  if (bias !== DEFAULT_BIAS) query.set("bias", String(bias));
  if (lineWidth !== DEFAULT_LINE_WIDTH) query.set("lineWidth", String(lineWidth));
  return query.toString();
}

function pythonStyle(style: string | null | undefined): string {
  if (style === undefined) return "";
  return `style=${style === null ? "None" : JSON.stringify(style)}, `;
}

function escapeAttribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
