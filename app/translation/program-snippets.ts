/** The same call from a program, for exactly what is on screen. */
import { type Snippet, shellQuote } from "@/lib/ui/run/snippet";
import type { Asked } from "./settings";

/** @param origin - of the server, e.g. `https://inkling.example` */
export function programSnippets(origin: string, { text, beamWidth }: Asked): Snippet[] {
  const address = `${origin}/api/translation`;
  const body = JSON.stringify({ text, variant: "attention", beamWidth });
  // A text is written alike in JSON, Python and TypeScript.
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

text = ${quoted}
for variant in ("attention", "plain"):
    response = requests.post(
        "${address}", json={"text": text, "variant": variant, "beamWidth": ${beamWidth}}
    )
    response.raise_for_status()
    for translation in response.json()["translations"]:
        print(variant, translation["agreement"], translation["text"])`,
    },
    {
      language: "TypeScript",
      code: `const text = ${quoted};
for (const variant of ["attention", "plain"]) {
  const response = await fetch("${address}", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text, variant, beamWidth: ${beamWidth} }),
  });
  if (!response.ok) throw new Error((await response.json()).detail);
  const { translations } = await response.json();
  for (const { agreement, text } of translations) console.log(variant, agreement, text);
}`,
    },
  ];
}
