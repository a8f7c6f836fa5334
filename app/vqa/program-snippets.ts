/** The same call from a program, for exactly what is on screen. */
import { type Snippet, shellQuote } from "@/lib/ui/run/snippet";

/**
 * @param origin - of the server, e.g. `https://inkling.example`
 * @param file - name of the photo, as it may lie in the program's folder
 */
export function programSnippets(origin: string, file: string, question: string): Snippet[] {
  const address = `${origin}/api/vqa`;
  // In double quotes of Python and TypeScript alike.
  const quoted = JSON.stringify(file);
  const asked = JSON.stringify(question);
  return [
    {
      language: "curl",
      // A plain -F would take a question that begins with @ or < for a file.
      code: `curl ${address} \\
  -F image=@${shellQuote(file)} \\
  --form-string question=${shellQuote(question)} \\
  -F attention=true`,
    },
    {
      language: "Python",
      code: `import requests

with open(${quoted}, "rb") as photo:
    response = requests.post(
        "${address}",
        files={"image": photo},
        data={"question": ${asked}, "attention": "true"},
    )
response.raise_for_status()
answer = response.json()
for each in answer["answers"]:
    print(each["probability"], each["text"])
# The next question need not send the photo again: data={"imageSha256": answer["image"]["sha256"], "question": …}`,
    },
    {
      language: "TypeScript",
      code: `import { openAsBlob } from "node:fs";

const body = new FormData();
body.set("image", await openAsBlob(${quoted}), ${quoted});
body.set("question", ${asked});
body.set("attention", "true");

const response = await fetch("${address}", { method: "POST", body });
if (!response.ok) throw new Error((await response.json()).detail);
const { answers, image } = await response.json();
for (const { probability, text } of answers) console.log(probability, text);
// The next question need not send the photo again: body.set("imageSha256", image.sha256)`,
    },
  ];
}
