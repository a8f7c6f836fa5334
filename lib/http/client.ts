/** Who sent a request: the address behind the proxies that are trusted, and nobody else's word for it. */
import { BlockList, isIPv4, isIPv6 } from "node:net";
import { env } from "@/lib/env";

/** Under which `incoming.ts` hands on the address that a connection comes from, whatever a client sent there. */
export const PEER_HEADER = "x-inkling-peer";

const trustedProxies = parseRanges(env.TRUSTED_PROXIES);

/** Whom a request comes from: what limits and fairness count by. */
export function clientOf({ headers }: Request): string {
  return clientKey(clientAddress(headers, trustedProxies));
}

/** @param ranges - addresses, and subnets in CIDR notation, such as `10.0.0.0/8` and `::1` */
export function parseRanges(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/**
 * The client's address: the last in `x-forwarded-for` that no trusted proxy has, and the connection's own where that is no trusted
 * proxy. What stands before it, anybody may have written.
 */
export function clientAddress(headers: Headers, trusted: BlockList): string {
  const forwarded = (headers.get("x-forwarded-for") ?? "").split(",").map(toAddress);
  let address = toAddress(headers.get(PEER_HEADER) ?? "");
  while (address !== undefined && trusted.check(address, isIPv4(address) ? "ipv4" : "ipv6")) {
    const before = forwarded.pop();
    if (before === undefined) break;
    address = before;
  }
  return address ?? "unknown";
}

/**
 * Under which a client is counted: an IPv4 address, or the /64 of an IPv6 address, which is what one subscriber has at least
 * (RFC 6177).
 */
export function clientKey(address: string): string {
  return isIPv6(address) ? `${groups(address).slice(0, 4).join(":")}::/64` : address;
}

/** Without port, zone and brackets, IPv4 in IPv4's own form; undefined where it is no address. */
function toAddress(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^\[([^\]]*)\](?::\d+)?$/, "$1")
    .replace(/^([\d.]+):\d+$/, "$1")
    .replace(/%.*$/, "");
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return undefined;
  const all = groups(bare);
  const isMapped = all.slice(0, 5).every((group) => group === "0") && all[5] === "ffff";
  if (!isMapped) return bare;
  const [high = 0, low = 0] = all.slice(6).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** An IPv6 address's eight groups, in hexadecimal without leading zeros. */
function groups(address: string): string[] {
  // The URL standard's serialiser writes every form of an address in one way.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = "", right] = canonical.split("::");
  const before = left === "" ? [] : left.split(":");
  if (right === undefined) return before;
  const after = right === "" ? [] : right.split(":");
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => "0"), ...after];
}
