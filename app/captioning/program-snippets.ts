/** The same call from a program, for exactly what is on screen. */
import { type Snippet, shellQuote } from "@/lib/ui/run/snippet";
import type { CaptionSettings } from "./settings";

/**
 * @param origin - of the server, e.g. `https://inkling.example`
 * @param file - name of the photo, as it may lie in the program's folder
 */
export function programSnippets(
  origin: string,
  file: string,
  { beamWidth, count, rerank }: CaptionSettings,
): Snippet[] {
  const address = `${origin}/api/captioning`;
  // In double quotes of a shell, Python and TypeScript alike.
  const quoted = JSON.stringify(file);
  return [
    {
      language: "curl",
      code: `curl ${address} \\
  -F image=@${shellQuote(file)} \\
  -F beamWidth=${beamWidth} -F count=${count} -F rerank=${rerank} -F attention=true`,
    },
    {
      language: "Python",
      code: `import requests

with open(${quoted}, "rb") as photo:
    response = requests.post(
        "${address}",
        files={"image": photo},
        data={"beamWidth": ${beamWidth}, "count": ${count}, "rerank": "${rerank}", "attention": "true"},
    )
response.raise_for_status()
for caption in response.json()["captions"]:
    print(caption["score"], caption["text"])`,
    },
    {
      language: "TypeScript",
      code: `import { openAsBlob } from "node:fs";

const body = new FormData();
body.set("image", await openAsBlob(${quoted}), ${quoted});
body.set("beamWidth", "${beamWidth}");
body.set("count", "${count}");
body.set("rerank", "${rerank}");
body.set("attention", "true");

const response = await fetch("${address}", { method: "POST", body });
if (!response.ok) throw new Error((await response.json()).detail);
const { captions } = await response.json();
for (const { score, text } of captions) console.log(score, text);`,
    },
  ];
}
