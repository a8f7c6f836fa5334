/** The elements of MathML Core that formulas use: React renders them, its types do not list them. */
import type { ClassAttributes, HTMLAttributes } from "react";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      math: ClassAttributes<MathMLElement> & HTMLAttributes<MathMLElement> & { display?: "block" | "inline" };
      mrow: ClassAttributes<MathMLElement> & HTMLAttributes<MathMLElement>;
      mi: ClassAttributes<MathMLElement> & HTMLAttributes<MathMLElement> & { mathvariant?: "normal" };
      mn: ClassAttributes<MathMLElement> & HTMLAttributes<MathMLElement>;
      mo: ClassAttributes<MathMLElement> & HTMLAttributes<MathMLElement> & { stretchy?: "false"; form?: "prefix" };
      mpadded: ClassAttributes<MathMLElement> & HTMLAttributes<MathMLElement> & { height?: string; depth?: string };
      msub: ClassAttributes<MathMLElement> & HTMLAttributes<MathMLElement>;
    }
  }
}
