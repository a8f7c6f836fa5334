/** Questions to begin with, one of each kind that the model was trained on, about what captions say is in the photo. */
import { splitQuestion } from "./question";

export interface Suggestion {
  readonly kind: "object" | "number" | "color" | "location" | "yes/no";
  readonly question: string;
}

/** What can be asked about. A noun that takes no `s` stands with its plural, after a slash. */
const NOUNS = {
  person:
    "man/men woman/women boy girl child/children person/people baby/babies kid lady/ladies guy toddler player skier surfer " +
    "snowboarder skateboarder biker cyclist climber hiker rider runner swimmer dancer musician cowboy",
  animal: "dog puppy/puppies cat kitten horse cow sheep/sheep goat elephant giraffe zebra bear bird duck",
  thing:
    "ball shirt jacket coat dress/dresses hat cap helmet tie umbrella bag backpack kite frisbee surfboard skateboard " +
    "snowboard bike bicycle motorcycle car truck bus/buses train boat canoe kayak airplane plane tent flag sign balloon toy " +
    "bottle cup vase flower tree house building tower fence wall door chair couch/couches bench/benches clock " +
    "laptop computer keyboard phone camera guitar microphone book banana apple cake pizza sandwich/sandwiches rocket " +
    "swing slide rope stick",
  surface: "table plate bed desk counter shelf/shelves tray bowl",
} as const;

type Kind = keyof typeof NOUNS;

interface Noun {
  readonly singular: string;
  readonly plural: string;
  readonly kind: Kind;
}

interface FoundNoun extends Noun {
  /** Whether the first caption that names it speaks of several. */
  readonly isPlural: boolean;
}

const LEXICON = new Map<string, Noun>(
  (Object.keys(NOUNS) as Kind[]).flatMap((kind) =>
    NOUNS[kind].split(" ").flatMap((entry) => {
      const [singular = "", plural = `${singular}s`] = entry.split("/");
      const noun = { singular, plural, kind };
      return [[singular, noun] as const, [plural, noun] as const];
    }),
  ),
);

/**
 * Suggests questions, in the order of the kinds above.
 *
 * @param captions - of the photo, the best first; without any the questions fit every photo
 *
 * @example
 * suggestQuestions(["two dogs run after a red ball"]).map(({ question }) => question);
 * // ["What animals are these?", "How many dogs are there?", "What color is the ball?", "Where are the dogs?",
 * //  "Is there a ball in the picture?"]
 */
export function suggestQuestions(captions: readonly string[]): Suggestion[] {
  const nouns = findNouns(captions);
  const of = (...kinds: readonly Kind[]) => nouns.find(({ kind }) => kinds.includes(kind));
  const [main] = nouns;
  return [
    { kind: "object", question: askWhat(of("surface") ?? of("person") ?? of("animal")) },
    {
      kind: "number",
      question: `How many ${(of("person", "animal", "thing") ?? { plural: "people" }).plural} are there?`,
    },
    { kind: "color", question: askColor(of("thing") ?? of("animal") ?? of("person")) },
    { kind: "location", question: main ? `Where ${is(main)} the ${name(main)}?` : "Where was this picture taken?" },
    { kind: "yes/no", question: askWhether(nouns[1] ?? main) },
  ];
}

/** The nouns that most captions name first, and of those the one that is named earliest. */
function findNouns(captions: readonly string[]): FoundNoun[] {
  const found = new Map<string, { noun: FoundNoun; captions: number }>();
  for (const caption of captions) {
    const named = new Set<string>();
    for (const word of splitQuestion(caption)) {
      const noun = LEXICON.get(word);
      if (!noun || named.has(noun.singular)) continue;
      named.add(noun.singular);
      const before = found.get(noun.singular);
      if (before) before.captions += 1;
      else found.set(noun.singular, { noun: { ...noun, isPlural: word === noun.plural }, captions: 1 });
    }
  }
  return [...found.values()].sort((a, b) => b.captions - a.captions).map(({ noun }) => noun);
}

const is = ({ isPlural }: FoundNoun) => (isPlural ? "are" : "is");
const name = ({ isPlural, singular, plural }: FoundNoun) => (isPlural ? plural : singular);

function askWhat(noun: FoundNoun | undefined): string {
  if (!noun) return "What is in the picture?";
  if (noun.kind === "surface") return `What is on the ${name(noun)}?`;
  if (noun.kind === "person") return `What ${is(noun)} the ${name(noun)} holding?`;
  return noun.isPlural ? "What animals are these?" : "What animal is this?";
}

function askColor(noun: FoundNoun | undefined): string {
  if (!noun) return "What color is the background?";
  if (noun.kind !== "person") return `What color ${is(noun)} the ${name(noun)}?`;
  return noun.isPlural ? "What color are their clothes?" : `What color is the ${noun.singular}'s shirt?`;
}

function askWhether(noun: FoundNoun | undefined): string {
  if (!noun) return "Is this picture taken outside?";
  if (noun.isPlural) return `Are there any ${noun.plural} in the picture?`;
  return `Is there ${/^[aeiou]/.test(noun.singular) ? "an" : "a"} ${noun.singular} in the picture?`;
}
