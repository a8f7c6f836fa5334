import type { Metadata } from "next";
import { KeptList } from "./kept-list";

export const metadata: Metadata = {
  title: "Storage",
  description: "What Inkling keeps on this device, how much room it takes, and how to remove it.",
};

export default function StoragePage() {
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="mt-4 text-title">Storage</h1>
      <p className="mt-4 max-w-prose text-ink-soft">
        All of this is on this device alone. Models that are kept run without a network, and need not be downloaded
        again.
      </p>
      <KeptList />
    </div>
  );
}
