import { Problem } from "@/lib/ui/problem";
import type { useTranslation } from "./use-translation";

/** What the network without attention makes of the same text. */
export function PlainTranslation({
  translation: { run, current, error },
}: {
  translation: ReturnType<typeof useTranslation>;
}) {
  const best = run?.response.translations[0];
  return (
    <section aria-labelledby="plain" aria-busy={run !== undefined && !current}>
      <h2 id="plain" className="text-xl">
        Without attention
      </h2>
      <p className="text-ink-soft text-note">
        The lecture’s first version: one vector of the whole text is all that passes from reading to writing, and the
        longer the text, the more of it gets lost. It also went through the pairs less often: 12 times, the other 22.
      </p>
      {error && <Problem error={error} />}
      {!error && best && (
        <p
          lang="ru"
          className={`mt-3 break-words font-serif text-2xl duration-200 motion-safe:transition-opacity ${current ? "" : "opacity-45 delay-200"}`}
        >
          {best.text}
        </p>
      )}
    </section>
  );
}
