/** New stories in the manner of bAbI's (Weston et al. 2015): people go about, take and drop things, and someone asks. */

export interface GeneratedStory {
  readonly kind: StoryKind;
  readonly story: readonly string[];
  readonly question: string;
  /** What follows from the story, as the model spells it. */
  readonly answer: string;
}

/** What a story asks for, by the bAbI task that it is like. */
export const STORY_KINDS = ["where", "object", "before", "carrying", "count", "inside", "maybe", "afraid"] as const;
export type StoryKind = (typeof STORY_KINDS)[number];

const PEOPLE = ["Mary", "John", "Daniel", "Sandra"];
const PLACES = ["bathroom", "bedroom", "garden", "hallway", "kitchen", "office"];
const THINGS = ["apple", "football", "milk"];
const GOING = ["went", "moved", "journeyed", "travelled"];
const TAKING = ["took", "got", "grabbed"];
const DROPPING = ["dropped", "discarded", "left"];
/** bAbI's tenth task has people and places of its own. */
const OTHERS = ["Bill", "Fred", "Julie", "Mary"];
const OTHER_PLACES = ["bedroom", "cinema", "kitchen", "office", "park", "school"];
const ANIMALS = [
  { one: "mouse", many: "Mice" },
  { one: "cat", many: "Cats" },
  { one: "wolf", many: "Wolves" },
  { one: "sheep", many: "Sheep" },
];
const NAMES = ["Emily", "Gertrude", "Jessica", "Winona"];
const NUMBERS = ["none", "one", "two", "three"];

/**
 * Tells a new story.
 *
 * @param random - uniform numbers from 0 to 1, without 1
 */
export function generateStory(kind: StoryKind, random: () => number): GeneratedStory {
  const dice = new Dice(random);
  if (kind === "afraid") return tellFears(dice);
  if (kind === "maybe") return tellDoubts(dice);
  return tellMoves(kind, dice);
}

class Dice {
  constructor(readonly random: () => number) {}

  below(count: number): number {
    return Math.floor(this.random() * count);
  }

  one<Each>(list: readonly Each[]): Each {
    return list[this.below(list.length)] as Each;
  }

  shuffled<Each>(list: readonly Each[]): Each[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.below(rest.length), 1)[0] as Each);
  }
}

/** Where everyone and everything is, and was. */
interface World {
  /** Places of a person, the last one last. */
  readonly paths: Map<string, string[]>;
  readonly holder: Map<string, string>;
  /** Things in the order in which a person took them. */
  readonly hands: Map<string, string[]>;
  /** Places of a thing, the last one last. */
  readonly trails: Map<string, string[]>;
}

function tellMoves(kind: Exclude<StoryKind, "afraid" | "maybe">, dice: Dice): GeneratedStory {
  const world: World = { paths: new Map(), holder: new Map(), hands: new Map(), trails: new Map() };
  const story: string[] = [];
  const things = kind === "where" ? [] : THINGS;
  // Tasks with things need longer stories to have something to ask about.
  const least = kind === "where" || kind === "inside" ? 5 : 8;
  for (let tries = 0; tries < 200; tries += 1) {
    story.push(act(world, things, dice));
    const asked = story.length >= least ? ask(kind, world, dice) : undefined;
    if (asked) return { kind, story, ...asked };
    // Too long to be read: another one.
    if (story.length > 14) return tellMoves(kind, dice);
  }
  return tellMoves(kind, dice);
}

/** Something happens; returns the sentence. */
function act(world: World, things: readonly string[], dice: Dice): string {
  const person = dice.one(PEOPLE);
  const path = world.paths.get(person);
  const held = world.hands.get(person) ?? [];
  const free = things.filter((thing) => {
    const place = world.trails.get(thing)?.at(-1);
    return !world.holder.has(thing) && (place === undefined || place === path?.at(-1));
  });
  const choice = dice.random();
  const place = path?.at(-1);
  if (place !== undefined && free.length > 0 && choice < 0.4) {
    const thing = dice.one(free);
    world.holder.set(thing, person);
    world.hands.set(person, [...held, thing]);
    move(world.trails, thing, place);
    return `${person} ${dice.one(TAKING)} the ${thing}${dice.below(2) ? " there" : ""}.`;
  }
  if (held.length > 0 && choice < 0.55) {
    const thing = dice.one(held);
    world.holder.delete(thing);
    world.hands.set(
      person,
      held.filter((each) => each !== thing),
    );
    return `${person} ${dice.one(DROPPING)} the ${thing}${dice.below(2) ? " there" : ""}.`;
  }
  const next = dice.one(PLACES.filter((each) => each !== place));
  move(world.paths, person, next);
  for (const thing of held) move(world.trails, thing, next);
  return `${person} ${dice.below(4) ? dice.one(GOING) : "went back"} to the ${next}.`;
}

function move(map: Map<string, string[]>, key: string, place: string): void {
  const places = map.get(key) ?? [];
  if (places.at(-1) !== place) map.set(key, [...places, place]);
}

/** A question that the story answers; undefined where nothing of the kind can be asked yet. */
function ask(
  kind: Exclude<StoryKind, "afraid" | "maybe">,
  { paths, hands, trails }: World,
  dice: Dice,
): { question: string; answer: string } | undefined {
  const people = [...paths.keys()];
  const moved = [...trails].filter(([, places]) => places.length > 1);
  const carriers = [...hands.keys()];
  if (people.length < 2) return undefined;
  if (kind === "where") {
    const person = dice.one(people);
    return { question: `Where is ${person}?`, answer: paths.get(person)?.at(-1) as string };
  }
  if (kind === "inside") {
    const person = dice.one(people);
    const place = paths.get(person)?.at(-1) as string;
    const asked = dice.below(2) ? place : dice.one(PLACES);
    return { question: `Is ${person} in the ${asked}?`, answer: asked === place ? "yes" : "no" };
  }
  if (kind === "object" || kind === "before") {
    if (moved.length === 0) return undefined;
    const [thing, places] = dice.one(moved);
    if (kind === "object") return { question: `Where is the ${thing}?`, answer: places.at(-1) as string };
    const last = places.at(-1) as string;
    // A place that it came to twice would have two answers.
    if (places.filter((place) => place === last).length > 1) return undefined;
    return { question: `Where was the ${thing} before the ${last}?`, answer: places.at(-2) as string };
  }
  if (carriers.length === 0) return undefined;
  const person = dice.one(carriers);
  const held = hands.get(person) ?? [];
  return kind === "count"
    ? { question: `How many objects is ${person} carrying?`, answer: NUMBERS[held.length] as string }
    : { question: `What is ${person} carrying?`, answer: held.join(",") || "nothing" };
}

function tellFears(dice: Dice): GeneratedStory {
  const others = ANIMALS.map((animal) => dice.one(ANIMALS.filter((other) => other !== animal)));
  const kinds = NAMES.map(() => dice.below(ANIMALS.length));
  const story = dice.shuffled([
    ...ANIMALS.map(({ many }, i) => `${many} are afraid of ${others[i]?.many.toLowerCase()}.`),
    ...NAMES.map((name, i) => `${name} is a ${ANIMALS[kinds[i] as number]?.one}.`),
  ]);
  const asked = dice.below(NAMES.length);
  const answer = others[kinds[asked] as number]?.one as string;
  return { kind: "afraid", story, question: `What is ${NAMES[asked]?.toLowerCase()} afraid of?`, answer };
}

function tellDoubts(dice: Dice): GeneratedStory {
  const places = new Map<string, readonly string[]>();
  const story = Array.from({ length: 6 }, () => {
    const person = dice.one(OTHERS);
    const [first, second] = dice.shuffled(OTHER_PLACES) as [string, string];
    const isSure = dice.below(2) === 0;
    places.set(person, isSure ? [first] : [first, second]);
    if (!isSure) return `${person} is either in the ${first} or the ${second}.`;
    return `${person} ${dice.one(GOING)} to the ${first}.`;
  });
  const person = dice.one([...places.keys()]);
  const possible = places.get(person) as readonly string[];
  const asked = dice.below(3) ? dice.one(possible) : dice.one(OTHER_PLACES);
  const answer = !possible.includes(asked) ? "no" : possible.length === 1 ? "yes" : "maybe";
  return { kind: "maybe", story, question: `Is ${person} in the ${asked}?`, answer };
}
