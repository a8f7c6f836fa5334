import { formatProbability } from "@/lib/ui/format";
import type { Example } from "./example";
import { toSourceWords, toTargetWords } from "./words";

/** A text, its translation, and at which word of the text the network looked most for each word. */
export function ExampleTranslation({ example: { text, responses } }: { example: Example }) {
  const { source, translations } = responses.attention;
  const read = toSourceWords(source);
  const written = translations[0] ? toTargetWords(translations[0], read) : [];
  return (
    <figure>
      <p lang="en" className="font-serif text-xl">
        {text}
      </p>
      <table className="mt-4 w-full table-fixed border-hairline border-b">
        <caption className="sr-only">For each word of the translation, where the network looked most</caption>
        <tbody>
          {written.map((word, index) => {
            const most = Math.max(...(word.attention ?? [0]));
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same word can come twice, and words never move
              <tr key={index} className="border-hairline border-t align-baseline">
                <th
                  scope="row"
                  lang="ru"
                  className="relative break-words py-1 text-left font-normal font-serif text-2xl"
                >
                  {word.text}
                </th>
                <td lang="en" className="break-words py-1 text-ink-soft text-sm">
                  {read[word.attention?.indexOf(most) ?? -1]?.text}
                </td>
                <td className="numbers w-16 py-1 text-right text-ink-soft text-note">{formatProbability(most)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </figure>
  );
}
