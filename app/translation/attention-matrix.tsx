import { formatProbability } from "@/lib/ui/format";
import type { TargetWord } from "./words";

/** Below this a number is left to those who listen: the colour says that it is little. */
const SHOWN_FROM = 0.1;

/** Where the network looked for each word: a row for each, a column for each word of the text. */
export function AttentionMatrix({
  source,
  target,
  active,
}: {
  source: readonly string[];
  target: readonly TargetWord[];
  /** The row that is looked at. */
  active: number;
}) {
  return (
    <figure className="mt-10">
      <figcaption className="text-ink-soft text-note">
        Where it looked in the text before each word that it wrote, in percent: each row sums to 100. The fuller a cell,
        the more. <span className="text-ink">{describe(source, target[active])}</span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section aria-label="Attention, word by word" tabIndex={0} className="mt-3 overflow-x-auto">
        <table className="border-collapse text-sm">
          <thead>
            <tr>
              <th scope="col" className="sr-only">
                Written
              </th>
              {source.map((word, index) => (
                <th
                  // biome-ignore lint/suspicious/noArrayIndexKey: the same word can come twice
                  key={index}
                  scope="col"
                  lang="en"
                  className={`min-w-9 px-1 pb-1 text-left align-bottom font-normal [writing-mode:vertical-rl] ${index === source.length - 1 ? "text-ink-soft italic" : ""}`}
                >
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {target.map((word, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same word can come twice
              <tr key={row} className={row === active ? "outline outline-1 outline-ink" : ""}>
                <th
                  scope="row"
                  lang="ru"
                  className="sticky left-0 z-10 max-w-40 break-words bg-paper py-0.5 pr-3 text-right font-normal font-serif"
                >
                  {word.text}
                </th>
                {word.attention?.map((weight, column) => (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
                    key={column}
                    className="numbers relative h-8 min-w-9 border border-hairline text-center text-note"
                  >
                    <span
                      aria-hidden
                      className="absolute inset-x-0 bottom-0 bg-seen"
                      style={{ height: `${weight * 100}%`, opacity: 0.35 }}
                    />
                    <span className={`relative ${weight < SHOWN_FROM ? "sr-only" : ""}`}>
                      {Math.round(weight * 100)}
                    </span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </figure>
  );
}

/** In words: at what the network looked most. */
function describe(source: readonly string[], word: TargetWord | undefined): string {
  if (!word?.attention) return "";
  const most = Math.max(...word.attention);
  const seen = source[word.attention.indexOf(most)];
  return `For “${word.text}” it looked most at “${seen}” (${formatProbability(most)}).`;
}
