import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { Formula } from "./formula";

it("sets names, indices, functions, numbers and signs", () => {
  const markup = renderToStaticMarkup(<Formula text="h_t = o_t ⊙ tanh(c_{t−1}) − 0.52" />);
  expect(markup).toContain(
    '<msub><mpadded height="0.7em" depth="0"><mi mathvariant="normal" class="italic">h</mi></mpadded>' +
      '<mpadded height="0.4em" depth="0"><mrow><mrow><mi mathvariant="normal" class="italic">t</mi></mrow></mrow></mpadded></msub>',
  );
  expect(markup).toContain('<mi mathvariant="normal">tanh</mi>');
  expect(markup).toContain('<mo stretchy="false">−</mo><mn>1</mn></mrow></mpadded></msub>');
  expect(markup).toContain("<mn>0.52</mn>");
  expect(markup.replace(/<[^>]*>/g, "")).toBe("ht=ot⊙tanh(ct−1)−0.52");
});

it("sets a minus close to the number that it belongs to, and apart between two", () => {
  const markup = renderToStaticMarkup(<Formula text="= tanh(−0.50 − 1) · −2" />);
  expect(markup.match(/<mo[^>]*>−/g)).toEqual([
    '<mo stretchy="false" form="prefix">−',
    '<mo stretchy="false">−',
    '<mo stretchy="false" form="prefix">−',
  ]);
});
