import Link from "next/link";

export default function NotFound() {
  return (
    <div className="page-width py-16">
      <h1 className="text-title">There is no such page</h1>
      <p className="mt-5">
        <Link href="/" className="underlined">
          To the first page
        </Link>
      </p>
    </div>
  );
}
