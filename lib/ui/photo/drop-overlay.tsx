/** Says that what hovers over the page can be dropped. */
export function DropOverlay() {
  return (
    <div className="pointer-events-none fixed inset-3 z-30 grid place-items-center border-2 border-ink border-dashed bg-paper/90">
      <p className="font-serif text-title">Drop it here</p>
    </div>
  );
}
