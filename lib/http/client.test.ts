import { describe, expect, it } from "vitest";
import { clientAddress, clientKey, PEER_HEADER, parseRanges } from "./client";

const from = (peer: string, forwarded?: string, proxies: readonly string[] = []) => {
  const headers = new Headers({ [PEER_HEADER]: peer });
  if (forwarded !== undefined) headers.set("x-forwarded-for", forwarded);
  return clientAddress(headers, parseRanges(proxies));
};

describe("clientAddress", () => {
  it("believes nobody but trusted proxies", () => {
    expect(from("203.0.113.5")).toBe("203.0.113.5");
    expect(from("203.0.113.5", "1.1.1.1")).toBe("203.0.113.5");
    expect(from("203.0.113.5", "1.1.1.1", ["10.0.0.0/8"])).toBe("203.0.113.5");
    expect(from("10.1.2.3", "198.51.100.7", ["10.0.0.0/8"])).toBe("198.51.100.7");
  });

  it("goes back through the proxies to the first address that is none of theirs", () => {
    const proxies = ["10.0.0.0/8", "192.0.2.1"];
    expect(from("10.1.2.3", "6.6.6.6, 198.51.100.7, 192.0.2.1", proxies)).toBe("198.51.100.7");
    expect(from("10.1.2.3", "10.9.9.9, 192.0.2.1", proxies)).toBe("10.9.9.9");
    expect(from("10.1.2.3", undefined, proxies)).toBe("10.1.2.3");
  });

  it("reads IPv6, ports, brackets, zones and IPv4 that is written as IPv6", () => {
    expect(from("::ffff:203.0.113.5")).toBe("203.0.113.5");
    expect(from("::ffff:10.1.2.3", "[2001:db8::1]:443", ["10.0.0.0/8"])).toBe("2001:db8::1");
    expect(from("::1", "198.51.100.7:8080", ["::1"])).toBe("198.51.100.7");
    expect(from("fe80::1%eth0", "2001:db8::2", ["fe80::/10"])).toBe("2001:db8::2");
  });

  it("counts what is no address under the proxy that passed it on", () => {
    expect(from("")).toBe("unknown");
    expect(from("10.1.2.3", "unknown", ["10.0.0.0/8"])).toBe("10.1.2.3");
    expect(from("10.1.2.3", "1.2.3.4, 1.2.3.4.5", ["10.0.0.0/8"])).toBe("10.1.2.3");
  });
});

describe("clientKey", () => {
  it("counts IPv4 by address and IPv6 by /64", () => {
    expect(clientKey("203.0.113.5")).toBe("203.0.113.5");
    expect(clientKey("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(clientKey("2001:0DB8:1:2::9")).toBe(clientKey("2001:db8:1:2:ffff::"));
    expect(clientKey("2001:db8::1")).toBe("2001:db8:0:0::/64");
    expect(clientKey("::1")).toBe("0:0:0:0::/64");
    expect(clientKey("unknown")).toBe("unknown");
  });
});
