/**
 * Which caption stays on the picture. The best caption changes from frame to frame between several that are nearly as good; shown as
 * they come nobody could read them. So evidence against the caption that is shown is added up (CUSUM: Page, "Continuous
 * inspection schemes", Biometrika 1954), and another takes its place once that suffices and this one could be read.
 */

/** A caption of a frame. */
export interface Scored {
  readonly text: string;
  /** Natural logarithm. */
  readonly logProbability: number;
}

export interface Steady<Caption extends Scored> {
  /** What is to be shown. */
  readonly shown: Caption;
  /** Since when, in milliseconds. */
  readonly since: number;
  /** Log-likelihood ratio of the frames since it was last the best, at least 0: how much better others described them. */
  readonly evidence: number;
  /** What the latest frame added to it. */
  readonly added: number;
  /** The best caption of the latest frame. */
  readonly best: Caption;
}

/** Evidence that suffices: others have described what was seen since e² times as well. */
const ENOUGH = 2;
/** What a frame adds at least that has another caption, so that equally good ones give way in the end. */
const LEAST = 0.1;
/** What a frame adds at least that does not have the shown caption among its own at all. */
const UNLISTED = 1;
/** Milliseconds for which a caption is shown at least, and for each word: who reads along takes 130 to 300 for one. */
const READ_AT_LEAST = 900;
const READ_A_WORD = 130;

/** Milliseconds that it takes to read a caption. */
export function readingTime(text: string): number {
  return Math.max(READ_AT_LEAST, READ_A_WORD * text.split(" ").length);
}

/**
 * @param steady - undefined before the first frame
 * @param captions - of a new frame, the best first
 * @param now - in milliseconds
 */
export function addFrame<Caption extends Scored>(
  steady: Steady<Caption> | undefined,
  captions: readonly [Caption, ...Caption[]],
  now: number,
): Steady<Caption> {
  const [best] = captions;
  if (!steady) return show(best, now);
  if (best.text === steady.shown.text) return { ...steady, shown: best, evidence: 0, added: 0, best };
  const same = captions.find(({ text }) => text === steady.shown.text);
  // One that is not listed is no better than the last that is.
  const other = same ?? (captions.at(-1) as Caption);
  const added = Math.max(best.logProbability - other.logProbability, same ? LEAST : UNLISTED);
  return decide({ ...steady, added, best }, now);
}

/** The picture still shows what it showed: its captions are those of the latest frame, and count again. */
export function addStill<Caption extends Scored>(steady: Steady<Caption>, now: number): Steady<Caption> {
  return steady.added === 0 ? steady : decide(steady, now);
}

function decide<Caption extends Scored>(steady: Steady<Caption>, now: number): Steady<Caption> {
  const { shown, since, added, best } = steady;
  const evidence = steady.evidence + added;
  const enough = evidence >= ENOUGH && now - since >= readingTime(shown.text);
  return enough ? show(best, now) : { ...steady, evidence };
}

function show<Caption extends Scored>(best: Caption, now: number): Steady<Caption> {
  return { shown: best, since: now, evidence: 0, added: 0, best };
}
