import Image from "next/image";
import Link from "next/link";
import { AttendedPlate } from "@/lib/ui/attended-plate";
import { buttonClass } from "@/lib/ui/button";
import { formatProbability } from "@/lib/ui/format";
import { findSample, SAMPLES, type Sample, sampleUrl } from "@/lib/ui/photo/samples";
import { findExample } from "./captioning/examples";
import { DEFAULT_SETTINGS } from "./captioning/settings";
import { DESCRIPTIONS } from "./cells/equations";
import { RUNS } from "./cells/examples";
import { ChartLegend, LineChart } from "./cells/line-chart";
import { Written } from "./handwriting/written";
import { EXAMPLE as TEXT } from "./language/example";
import { ExampleText } from "./language/example-text";
import { EXAMPLE as STORY } from "./stories/example";
import { ExampleStory } from "./stories/example-story";
import { EXAMPLE as TRANSLATED } from "./translation/example";
import { ExampleTranslation } from "./translation/example-translation";
import { ExamplePlate } from "./vqa/example-plate";
import { EXAMPLES } from "./vqa/examples";

const captioned = SAMPLES.flatMap((sample) => {
  const caption = findExample(sample.id, DEFAULT_SETTINGS)?.captions[0];
  return caption ? [{ sample, caption }] : [];
});

/** Other photos than the captions begin with, the large one first. */
const questioned = ["window-dogs", "coffee", "horses", "palace", "cat"].flatMap((id) => {
  const sample = findSample(id);
  const example = EXAMPLES[id];
  return sample && example ? [{ sample, example }] : [];
});

/** What the pen writes here, and on the page that the link opens. */
const WRITTEN = { text: "Every line is drawn with one pen, point after point.", seed: 7, lineWidth: 22 };

/** Characters of the text that is shown here: some lines. */
const TEXT_LENGTH = 260;

/** The gradients of two cells that learned the same, as the page of cells opens with them. */
const learners = RUNS.map(({ cell, throughTime }) => ({ name: DESCRIPTIONS[cell].name, values: throughTime }));

export default function HomePage() {
  const [first, ...others] = captioned;
  const [asked, ...othersAsked] = questioned;
  return (
    <div className="page-width">
      <section className="mt-4 mb-12 grid items-end gap-x-16 gap-y-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div>
          <h1 className="h-[clamp(7rem,4rem+11vw,13rem)] max-w-3xl text-[clamp(5rem,3rem+8.5vw,10rem)] leading-[clamp(7rem,4rem+11vw,13rem)] tracking-[-0.028em]">
            <Written text="Inkling" width={1.2} />
          </h1>
          <p className="mt-4 font-serif text-[clamp(1.75rem,1.2rem+2.2vw,3rem)] leading-[1.05] tracking-[-0.02em]">
            See what a small network sees
          </p>
        </div>
        <p className="max-w-prose text-ink-soft">
          Recurrent networks to try on something of your own. The same few megabytes answer on the server or in your
          browser, and show where they looked. One of them has just written its name.
        </p>
      </section>

      <section aria-labelledby="captioning" className="border-hairline border-t pt-6">
        <div className="grid gap-x-16 gap-y-8 lg:grid-cols-[minmax(0,1fr)_19rem]">
          {first && (
            <AttendedPlate
              src={sampleUrl(first.sample)}
              alt={first.sample.title}
              width={first.sample.width}
              height={first.sample.height}
              words={first.caption.tokens}
            />
          )}
          <div className="lg:sticky lg:top-8 lg:self-start">
            <h2 id="captioning" className="text-3xl">
              Captioning
            </h2>
            <p className="mt-3 text-ink-soft">
              A photo becomes a sentence, a word at a time. Before each word the network looks again: go along the
              caption and the photo stays bright where it did.
            </p>
            <Link href="/captioning" className={`${buttonClass("main")} mt-6 px-6 py-3 text-base`}>
              Caption a photo
            </Link>
            <p className="mt-4 text-sm">
              <Link href="/captioning/live" className="underlined">
                Or walk with your camera
              </Link>
            </p>
          </div>
        </div>
        {others.length > 0 && (
          <ul aria-label="More captions" className="mt-14 grid grid-cols-2 gap-x-6 gap-y-10 lg:grid-cols-4 lg:gap-x-8">
            {others.slice(0, 4).map(({ sample, caption }) => (
              <li key={sample.id}>
                <SampleLink href={`/captioning?photo=${sample.id}`} sample={sample}>
                  {caption.text}
                </SampleLink>
              </li>
            ))}
          </ul>
        )}
      </section>

      <section aria-labelledby="questions" className="mt-20 border-hairline border-t pt-6">
        <div className="grid gap-x-16 gap-y-8 lg:grid-cols-[19rem_minmax(0,1fr)]">
          <div className="lg:sticky lg:top-8 lg:self-start">
            <h2 id="questions" className="text-3xl">
              Questions
            </h2>
            <p className="mt-3 text-ink-soft">
              Ask about a photo in your own words, and it answers while you type: with how probable each answer is,
              which of your words mattered, and what it would have said without looking.
            </p>
            <Link href="/vqa" className={`${buttonClass("main")} mt-6 px-6 py-3 text-base`}>
              Ask about a photo
            </Link>
          </div>
          {asked && <ExamplePlate sample={asked.sample} example={asked.example} />}
        </div>
        {othersAsked.length > 0 && (
          <ul aria-label="More answers" className="mt-14 grid grid-cols-2 gap-x-6 gap-y-10 lg:grid-cols-4 lg:gap-x-8">
            {othersAsked.map(({ sample, example: { question, response } }) => (
              <li key={sample.id}>
                <SampleLink href={`/vqa?photo=${sample.id}`} sample={sample}>
                  <span className="block font-sans text-ink-soft text-sm">{question}</span>
                  {response.answers[0]?.text}{" "}
                  <span className="numbers ml-1 font-sans text-ink-soft text-note">
                    {formatProbability(response.answers[0]?.probability ?? 0)}
                  </span>
                </SampleLink>
              </li>
            ))}
          </ul>
        )}
      </section>

      <section aria-labelledby="handwriting" className="mt-20 border-hairline border-t pt-6">
        <div className="grid gap-x-16 gap-y-8 lg:grid-cols-[minmax(0,1fr)_19rem]">
          <div className="h-[clamp(11rem,30vw,24rem)] bg-paper-deep p-[clamp(1rem,3vw,2.5rem)] font-serif text-3xl">
            <Written text={WRITTEN.text} seed={WRITTEN.seed} lineWidth={WRITTEN.lineWidth} />
          </div>
          <div>
            <h2 id="handwriting" className="text-3xl">
              Handwriting
            </h2>
            <p className="mt-3 text-ink-soft">
              Type, and a pen follows, point after point, in one of several hands. Write a few words yourself, and it
              goes on in yours.
            </p>
            <Link
              href={{ pathname: "/handwriting", query: WRITTEN }}
              className={`${buttonClass("main")} mt-6 px-6 py-3 text-base`}
            >
              Write a line
            </Link>
          </div>
        </div>
      </section>

      <section aria-labelledby="stories" className="mt-20 border-hairline border-t pt-6">
        <div className="grid gap-x-16 gap-y-8 lg:grid-cols-[minmax(0,1fr)_19rem]">
          <ExampleStory example={STORY} />
          <div>
            <h2 id="stories" className="text-3xl">
              Stories
            </h2>
            <p className="mt-3 text-ink-soft">
              Tell a short story and ask about it. The network looks back at the sentences several times before it
              answers, and the page shows at which.
            </p>
            <Link href="/stories" className={`${buttonClass("main")} mt-6 px-6 py-3 text-base`}>
              Tell a story
            </Link>
          </div>
        </div>
      </section>

      <section aria-labelledby="language" className="mt-20 border-hairline border-t pt-6">
        <div className="grid gap-x-16 gap-y-8 lg:grid-cols-[19rem_minmax(0,1fr)]">
          <div>
            <h2 id="language" className="text-3xl">
              Language
            </h2>
            <p className="mt-3 text-ink-soft">
              Begin a text and it goes on, letter by letter, in the English of Jane Austen’s novels. The colours say
              what surprised it, or what single units of the network keep.
            </p>
            <Link href="/language" className={`${buttonClass("main")} mt-6 px-6 py-3 text-base`}>
              Begin a text
            </Link>
          </div>
          <ExampleText example={TEXT} length={TEXT_LENGTH} />
        </div>
      </section>

      <section aria-labelledby="translation" className="mt-20 border-hairline border-t pt-6">
        <div className="grid gap-x-16 gap-y-8 lg:grid-cols-[19rem_minmax(0,1fr)]">
          <div>
            <h2 id="translation" className="text-3xl">
              Translation
            </h2>
            <p className="mt-3 text-ink-soft">
              A sentence of English becomes one of Russian, with attention and without. Point at a word to see where the
              network looked for it, and what else might have stood there.
            </p>
            <Link href="/translation" className={`${buttonClass("main")} mt-6 px-6 py-3 text-base`}>
              Translate a sentence
            </Link>
          </div>
          <ExampleTranslation example={TRANSLATED} />
        </div>
      </section>

      <section aria-labelledby="cells" className="mt-20 border-hairline border-t pt-6">
        <div className="grid gap-x-16 gap-y-8 lg:grid-cols-[19rem_minmax(0,1fr)]">
          <div>
            <h2 id="cells" className="text-3xl">
              Cells
            </h2>
            <p className="mt-3 text-ink-soft">
              What all of these are made of, number by number: follow a sequence through the gates of five kinds of
              cell, and let two of them learn side by side while you watch their gradients vanish, or not.
            </p>
            <Link href="/cells" className={`${buttonClass("main")} mt-6 px-6 py-3 text-base`}>
              Look inside a cell
            </Link>
          </div>
          <div>
            <ChartLegend names={learners.map(({ name }) => name)} />
            <div className="mt-4 max-w-2xl">
              <LineChart
                title="Gradient of the last answer that arrives at each step of a sequence"
                xLabel="step of the sequence"
                log
                series={learners}
              />
            </div>
          </div>
        </div>
      </section>

      <p className="mt-20 max-w-prose text-ink-soft text-note">
        Photos:{" "}
        {[...new Set([...captioned.slice(0, 5), ...questioned].map(({ sample }) => sample))]
          .map(({ title, author, licence }) => `${title} by ${author} (${licence})`)
          .join("; ")}
        .
      </p>
    </div>
  );
}

function SampleLink({ href, sample, children }: { href: string; sample: Sample; children: React.ReactNode }) {
  return (
    <Link href={href} className="group block">
      <Image
        src={sampleUrl(sample)}
        alt={sample.title}
        width={sample.width}
        height={sample.height}
        sizes="(min-width: 64rem) 20vw, 45vw"
        className="aspect-4/3 w-full object-cover"
      />
      <span className="mt-3 block font-serif text-lg leading-snug decoration-1 underline-offset-4 lining-nums group-hover:underline">
        {children}
      </span>
    </Link>
  );
}
