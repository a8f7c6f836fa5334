import { backgroundOf } from "./colours";
import type { Example } from "./example";

/** The beginning of a text that was gone on with, each character coloured by its surprise. */
export function ExampleText({ example: { response }, length }: { example: Example; length: number }) {
  const { characters, given } = response;
  return (
    <p className="font-serif text-2xl leading-relaxed">
      {characters.slice(0, length).map((character, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: characters never move
          key={index}
          style={{ background: backgroundOf(character, "surprise") }}
          className={index < given ? "" : "italic"}
        >
          {character.text === "\n" ? " " : character.text}
        </span>
      ))}
      …
    </p>
  );
}
