/** Said of a model that runs here, and for which the browser's storage had no room. */
export function NotKept() {
  return (
    <p>
      There was no room to keep the model: the next visit downloads it again.{" "}
      <a href="/storage" className="underlined">
        See what takes the room
      </a>
      .
    </p>
  );
}
