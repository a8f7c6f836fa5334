import type { ReactNode } from "react";

/** A name with an index, a number, or a sign: "h_{t−1}", "W_i", "tanh", "0.52", "⊙". */
const TOKEN = /([A-Za-zσ∂θ]+)(?:_(?:\{([^}]*)\}|([A-Za-z0-9])))?|(\d+(?:\.\d+)?(?:e[+−]\d+)?)|(\S)/gu;

/** What is set upright, as functions are; single letters are slanted. */
const isFunction = (name: string) => name.length > 1;

/**
 * A formula, written as in the papers' plain text and typeset as MathML, which every current browser draws and reads aloud by
 * itself: no library comes with the page.
 */
export function Formula({ text, className = "" }: { text: string; className?: string }) {
  return (
    <math className={`numbers font-serif ${className}`}>
      <mrow>{typeset(text)}</mrow>
    </math>
  );
}

function typeset(text: string): ReactNode[] {
  const tokens = [...text.matchAll(TOKEN)];
  return tokens.map(([token, name, long, short, number], position) => {
    const key = `${position} ${token}`;
    if (number !== undefined) return <mn key={key}>{number}</mn>;
    // Which direction an index means: a name, without the spaces of a sign.
    if (token === "→" || token === "←") {
      return (
        <mi key={key} mathvariant="normal">
          {token}
        </mi>
      );
    }
    if (name === undefined) {
      // A minus belongs to the number behind it where nothing stands before it.
      const sign = token === "−" && /^[=(·]$/.test(tokens[position - 1]?.[0] ?? "=");
      return (
        <mo key={key} stretchy="false" form={sign ? "prefix" : undefined}>
          {token}
        </mo>
      );
    }
    // Slanted by the style: MathML's own way takes other characters, which a text face lacks, so that each would come from elsewhere.
    const base = (
      <mi mathvariant="normal" className={isFunction(name) ? undefined : "italic"}>
        {name}
      </mi>
    );
    const index = long ?? short;
    if (index === undefined) {
      return <mrow key={key}>{base}</mrow>;
    }
    // Of one height, so that the indices of all names hang as low.
    return (
      <msub key={key}>
        <mpadded height="0.7em" depth="0">
          {base}
        </mpadded>
        <mpadded height="0.4em" depth="0">
          <mrow>{typeset(index)}</mrow>
        </mpadded>
      </msub>
    );
  });
}
