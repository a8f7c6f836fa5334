import type { Metadata } from "next";
import { PageList } from "@/lib/ui/page-list";

export const metadata: Metadata = { title: "No network", robots: { index: false } };

/** What the service worker shows for an address that this device does not keep. */
export default function OfflinePage() {
  return (
    <div className="page-width py-16">
      <h1 className="text-title">There is no network</h1>
      <p className="mt-5 max-w-prose text-ink-soft">
        This address is not kept on this device. These are, and what has run here before runs now as well:
      </p>
      <PageList />
    </div>
  );
}
