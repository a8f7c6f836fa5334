import type { Metadata } from "next";
import { PageList } from "@/lib/ui/page-list";

export const metadata: Metadata = { title: "No such page" };

export default function NotFound() {
  return (
    <div className="page-width py-16">
      <h1 className="text-title">There is no such page</h1>
      <p className="mt-5 max-w-prose text-ink-soft">
        The address may have been mistyped, or the page has moved. These are there:
      </p>
      <PageList />
    </div>
  );
}
