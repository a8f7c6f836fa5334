import type { Cell, CellKind } from "./cell";
import { coupledLstm } from "./coupled-lstm";
import { gru } from "./gru";
import { lstm } from "./lstm";
import { peepholeLstm } from "./peephole-lstm";
import { rnn } from "./rnn";

/** Every cell by its kind. */
export const CELLS: Readonly<Record<CellKind, Cell>> = {
  rnn,
  lstm,
  gru,
  peephole: peepholeLstm,
  coupled: coupledLstm,
};
