import { expect, it } from "vitest";
import { nameOf } from "./photo";

it.each([
  ["https://example.org/photos/my%20dog.jpg?width=640#top", "my dog.jpg"],
  ["https://example.org/100%.jpg", "100%.jpg"],
  ["https://example.org/album/", "photo"],
  ["https://example.org", "photo"],
  ["data:image/png;base64,iVBORw0KGgo/AAAA", "photo"],
])("calls the photo at %s %s", (address, name) => {
  expect(nameOf(address)).toBe(name);
});
