/**
 * Asks a running server about the sample photos and keeps what it answers as the pages' examples, so that a page opens with a
 * finished answer of the real model. Run it again whenever the models change:
 *
 *     node scripts/precompute-examples.mjs http://localhost:3000
 */
import { openAsBlob } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { main, Stop } from "./command.mjs";

const SAMPLES = "public/samples";

/** What each sample is asked at first. */
const QUESTIONS = {
  astronaut: "What is the woman wearing?",
  cat: "What animal is this?",
  cellar: "What room is this?",
  coffee: "What color is the cup?",
  horses: "How many horses are there?",
  mountains: "What is in the background?",
  musicians: "What are the men holding?",
  palace: "What color is the building?",
  photographer: "What is the man doing?",
  rocket: "What color is the sky?",
  shepherd: "What animal is this?",
  "window-dogs": "What animals are these?",
};

/** The story with which the page of stories opens. */
const STORY = {
  story: [
    "Mary went to the kitchen.",
    "John moved to the garden.",
    "Mary took the milk.",
    "Sandra journeyed to the office.",
    "Mary travelled to the hallway.",
    "John went back to the bathroom.",
    "Mary dropped the milk there.",
    "Mary went to the bedroom.",
  ],
  question: "Where is the milk?",
};

/** The text with which the page of language opens. */
const TEXT = { text: 'It is a truth universally acknowledged, that "', length: 400, temperature: 0.6, seed: 7 };
/** The text with which the page of translation opens: long enough that one vector loses some of it. */
const TRANSLATED = { text: "I think that Tom knows where Mary lives.", beamWidth: 5 };

await main(async () => {
  const origin = process.argv[2] ?? "http://localhost:3000";
  const captioning = {};
  const vqa = {};
  for (const file of (await readdir(SAMPLES)).filter((name) => name.endsWith(".webp")).sort()) {
    const id = file.replace(/\.webp$/, "");
    const question = QUESTIONS[id];
    if (!question) throw new Stop(`${file} is new: write a question for it into this script.`);
    const caption = await ask(origin, "captioning", file, {});
    captioning[id] = caption;
    const response = await ask(origin, "vqa", file, { question });
    vqa[id] = { question, captions: caption.captions.map(({ text }) => text), response };
    console.log(`${file}: ${caption.captions[0].text}\n  ${question} ${response.answers[0].text}`);
  }
  await precomputeStory(origin);
  await precomputeText(origin);
  await precomputeTranslation(origin);
  await write("app/captioning/examples.json", captioning);
  await write("app/vqa/examples.json", vqa);
});

async function precomputeStory(origin) {
  const answer = await post(origin, "stories", STORY);
  await writeFile("app/stories/examples.json", `${JSON.stringify({ ...STORY, response: answer })}\n`);
  console.log(`${STORY.question} ${answer.answers[0].text}`);
}

async function precomputeText(origin) {
  const tracking = JSON.parse(await readFile("models/language/units.json", "utf8"));
  const response = await post(origin, "language", { ...TEXT, units: tracking.map(({ unit }) => unit) });
  await writeFile("app/language/examples.json", `${JSON.stringify({ ...TEXT, response })}\n`);
  console.log(response.text);
}

async function precomputeTranslation(origin) {
  const responses = {};
  for (const variant of ["attention", "plain"]) {
    responses[variant] = await post(origin, "translation", { ...TRANSLATED, variant, count: 3, alternatives: 4 });
    console.log(`${variant}: ${responses[variant].translations[0].text}`);
  }
  await writeFile("app/translation/examples.json", `${JSON.stringify({ ...TRANSLATED, responses })}\n`);
}

async function post(origin, task, body) {
  const response = await fetch(`${origin}/api/${task}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Stop(`The server refused the ${task} example: ${answer.detail}`);
  return answer;
}

async function ask(origin, task, file, fields) {
  const body = new FormData();
  body.set("image", await openAsBlob(join(SAMPLES, file)), file);
  for (const [name, value] of Object.entries({ ...fields, attention: "true" })) body.set(name, value);
  const response = await fetch(`${origin}/api/${task}`, { method: "POST", body }).catch(() => {
    throw new Stop(`No server answers at ${origin}: start one with \`npm start\`, or name its address.`);
  });
  const answer = await response.json();
  if (!response.ok) throw new Stop(`The server refused ${file}: ${answer.detail}`);
  return answer;
}

async function write(path, examples) {
  // One line a sample: a change of the model shows as as many changed lines.
  const lines = Object.entries(examples).map(([id, example]) => `${JSON.stringify(id)}: ${JSON.stringify(example)}`);
  await writeFile(path, `{\n${lines.join(",\n")}\n}\n`);
  console.log(`${lines.length} examples are in ${path}.`);
}
