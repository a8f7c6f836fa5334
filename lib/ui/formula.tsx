import type { ReactNode } from "react";

/** A name with an index, a number, or a sign: "h_{t−1}", "W_i", "tanh", "0.52", "⊙". */
const TOKEN = /([A-Za-zσ∂θ]+)(?:_(?:\{([^}]*)\}|([A-Za-z0-9])))?|(\d+(?:\.\d+)?(?:e[+−]\d+)?)|(\S)/gu;

/** What is set upright, as functions are; of single letters the vectors and matrices are so by custom, and MathML slants them. */
const isFunction = (name: string) => name.length > 1;

/**
 * A formula, written as in the papers' plain text and typeset as MathML, which every current browser draws and reads aloud by
 * itself: no library comes with the page.
 */
export function Formula({ text, className }: { text: string; className?: string }) {
  return (
    <math className={className}>
      <mrow>{typeset(text)}</mrow>
    </math>
  );
}

function typeset(text: string): ReactNode[] {
  const tokens = [...text.matchAll(TOKEN)];
  return tokens.map(([token, name, long, short, number], position) => {
    const key = `${position} ${token}`;
    if (number !== undefined) return <mn key={key}>{number}</mn>;
    if (name === undefined) {
      // A minus belongs to the number behind it where nothing stands before it.
      const sign = token === "−" && /^[=(·]$/.test(tokens[position - 1]?.[0] ?? "=");
      return (
        <mo key={key} stretchy="false" form={sign ? "prefix" : undefined}>
          {token}
        </mo>
      );
    }
    const base = <mi mathvariant={isFunction(name) ? "normal" : undefined}>{name}</mi>;
    const index = long ?? short;
    if (index === undefined) {
      return <mrow key={key}>{base}</mrow>;
    }
    return (
      <msub key={key}>
        {base}
        <mrow>{typeset(index)}</mrow>
      </msub>
    );
  });
}
