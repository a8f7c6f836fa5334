/** The same call from a program, for exactly what is on screen. */
import { type Snippet, shellQuote } from "@/lib/ui/run/snippet";
import type { WritingSettings } from "./settings";

/** @param origin - of the server, e.g. `https://inkling.example` */
export function programSnippets(origin: string, { text, length, temperature, seed }: WritingSettings): Snippet[] {
  const address = `${origin}/api/language`;
  const body = JSON.stringify({ text, length, temperature, seed });
  const quoted = JSON.stringify(text);
  return [
    {
      language: "curl",
      code: `curl ${address} \\
  -H 'content-type: application/json' \\
  --data-raw ${shellQuote(body)}`,
    },
    {
      language: "Python",
      code: `import requests

asked = {
    "text": ${quoted},
    "length": ${length},
    "temperature": ${temperature},
    "seed": ${seed},
}
response = requests.post("${address}", json=asked)
response.raise_for_status()
written = response.json()
print(written["text"])
bits = [each["surprise"] for each in written["characters"]]
print(sum(bits) / max(1, len(bits)), "bits a character")`,
    },
    {
      language: "TypeScript",
      code: `const response = await fetch("${address}", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ text: ${quoted}, length: ${length}, temperature: ${temperature}, seed: ${seed} }),
});
if (!response.ok) throw new Error((await response.json()).detail);
const { text, characters } = await response.json();
console.log(text);
for (const { text, surprise } of characters) console.log(surprise, text);`,
    },
  ];
}
