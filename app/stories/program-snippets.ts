/** The same call from a program, for exactly what is on screen. */
import { type Snippet, shellQuote } from "@/lib/ui/run/snippet";
import type { StoryText } from "./story";

/** @param origin - of the server, e.g. `https://inkling.example` */
export function programSnippets(origin: string, { story, question }: StoryText): Snippet[] {
  const address = `${origin}/api/stories`;
  const body = JSON.stringify({ story, question });
  // A list of texts and a text are written alike in JSON, Python and TypeScript.
  const sentences = story.map((sentence) => `    ${JSON.stringify(sentence)},\n`).join("");
  const asked = JSON.stringify(question);
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

story = [
${sentences}]
response = requests.post("${address}", json={"story": story, "question": ${asked}})
response.raise_for_status()
answer = response.json()
for each in answer["answers"]:
    print(each["probability"], each["text"])
for weights, sentence in zip(zip(*answer["hops"]), story):
    print(weights, sentence)  # how much each look saw of it`,
    },
    {
      language: "TypeScript",
      code: `const story = [
${sentences}];
const response = await fetch("${address}", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ story, question: ${asked} }),
});
if (!response.ok) throw new Error((await response.json()).detail);
const { answers, hops } = await response.json();
for (const { probability, text } of answers) console.log(probability, text);
for (const weights of hops) console.log(weights); // one look: a weight for each sentence`,
    },
  ];
}
