import type { Metadata } from "next";
import { RUNS, WEIGHTS } from "./examples";
import { parseShared } from "./settings";
import { Workbench } from "./workbench";

export const metadata: Metadata = {
  title: "Cells",
  description:
    "The inside of recurrent cells, number by number: RNN, LSTM, GRU, peepholes and coupled gates, and how they learn.",
};

export default async function CellsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  return (
    <div className="page-width">
      <header className="mt-3 mb-8 flex flex-wrap items-baseline gap-x-8 gap-y-2">
        <h1 className="text-title">Cells</h1>
        <p className="max-w-lg text-ink-soft">
          The networks of the other pages are made of recurrent cells. Here is one with three units: change what it
          reads, and follow every number through its gates.
        </p>
      </header>
      <Workbench shared={parseShared(await searchParams)} trained={WEIGHTS} runs={RUNS} />
    </div>
  );
}
