import Image from "next/image";
import Link from "next/link";
import { AttendedPlate } from "@/lib/ui/attended-plate";
import { buttonClass } from "@/lib/ui/button";
import { SAMPLES, type Sample, sampleUrl } from "@/lib/ui/photo/samples";
import { findExample } from "./captioning/examples";
import { DEFAULT_SETTINGS } from "./captioning/settings";

const shown = SAMPLES.flatMap((sample) => {
  const caption = findExample(sample.id, DEFAULT_SETTINGS)?.captions[0];
  return caption ? [{ sample, caption }] : [];
});

const PLANNED = [
  ["Questions", "Ask about a photo in words, and get an answer with the place in the photo that it came from."],
  ["Handwriting", "Write a line as a pen would, stroke by stroke, in one of several hands or in your own."],
] as const;

export default function HomePage() {
  const [first, ...others] = shown;
  return (
    <div className="page-width">
      <section className="mt-6 mb-12 grid items-end gap-x-16 gap-y-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <h1 className="max-w-[17ch] text-[clamp(2.75rem,1.5rem+5.2vw,5.75rem)] leading-[0.98] tracking-[-0.028em]">
          See what a small network sees
        </h1>
        <p className="max-w-prose text-ink-soft">
          Recurrent networks to try on something of your own. The same few megabytes answer on the server or in your
          browser, and show where they looked.
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
          </div>
        </div>
        {others.length > 0 && (
          <ul
            aria-label="More captions"
            className="mt-14 grid grid-cols-2 gap-x-6 gap-y-10 md:grid-cols-3 lg:grid-cols-4 lg:gap-x-8"
          >
            {others.slice(0, 8).map(({ sample, caption }) => (
              <li key={sample.id}>
                <SampleLink sample={sample} caption={caption.text} />
              </li>
            ))}
          </ul>
        )}
      </section>

      <section aria-labelledby="planned" className="mt-20 border-hairline border-t pt-6">
        <h2 id="planned" className="text-3xl">
          Not here yet
        </h2>
        <dl className="mt-5 grid gap-x-16 gap-y-6 sm:grid-cols-2">
          {PLANNED.map(([name, what]) => (
            <div key={name} className="max-w-md">
              <dt className="font-serif text-xl">{name}</dt>
              <dd className="mt-1 text-ink-soft">{what}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

function SampleLink({ sample, caption }: { sample: Sample; caption: string }) {
  return (
    <Link href={`/captioning?photo=${sample.id}`} className="group block">
      <Image
        src={sampleUrl(sample)}
        alt={sample.title}
        width={sample.width}
        height={sample.height}
        sizes="(min-width: 64rem) 20vw, 45vw"
        className="aspect-4/3 w-full object-cover"
      />
      <span className="mt-3 block font-serif text-lg leading-snug decoration-1 underline-offset-4 group-hover:underline">
        {caption}
      </span>
    </Link>
  );
}
