import ipaddr from "ipaddr.js";

/** The header in which proxies say whom they speak for. One of them: the other could come from anybody. */
export const proxyHeaders = ["x-forwarded-for", "forwarded"] as const;
export type ProxyHeader = (typeof proxyHeaders)[number];

/** Says who a request comes from, given the address of the connection and what a header says. */
export type ClientAddress = (peer: string, header: (name: string) => string) => string;

type Range = [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

/**
 * Whether an address is one of those.
 *
 * @param trusted addresses and ranges such as `10.0.0.0/8`
 * @throws RangeError that names what is no address
 */
export function isAmong(trusted: readonly string[]): (address: string) => boolean {
  const ranges = trusted.map(parseRange);
  return (address) => {
    const parsed = parseAddress(address);
    return (
      parsed !== undefined &&
      ranges.some(([range, bits]) => range.kind() === parsed.kind() && parsed.match(range, bits))
    );
  };
}

/**
 * Believes trusted proxies, and nobody else, about whom they speak for. A chain is read from its end: each address that
 * is a trusted proxy's says who was before it, and the first that is not is the client's.
 *
 * @param trusted addresses and ranges such as `10.0.0.0/8`
 * @throws RangeError that names what is no address
 */
export function clientAddress(
  trusted: readonly string[],
  header: ProxyHeader = "x-forwarded-for",
): ClientAddress {
  const isTrusted = isAmong(trusted);
  const addressesIn = header === "forwarded" ? forwardedFor : listed;
  return (peer, headerOf) => {
    let address = peer;
    for (const named of addressesIn(headerOf(header)).reverse()) {
      if (!isTrusted(address)) break;
      // "unknown", a made-up name, or nothing that anybody could be reached at: the proxy itself it is.
      const before = parseAddress(named);
      if (before === undefined) break;
      address = before.toString();
    }
    return address;
  };
}

function parseRange(text: string): Range {
  const [address, bits = address?.kind() === "ipv4" ? "32" : "128", ...more] = splitRange(text);
  const most = address?.kind() === "ipv4" ? 32 : 128;
  if (address === undefined || more.length > 0 || !/^\d+$/.test(bits) || Number(bits) > most)
    throw new RangeError(
      `trustedProxies has ${JSON.stringify(text)}; it must be an address or a range such as "10.0.0.0/8"`,
    );
  return [address, Number(bits)];
}

function splitRange(text: string): [ipaddr.IPv4 | ipaddr.IPv6 | undefined, ...string[]] {
  const [address = "", ...bits] = text.split("/");
  return [parseAddress(address), ...bits];
}

/** IPv4 as such, also where it comes inside IPv6. Only whole addresses: `10.1` would be one for some. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)) return ipaddr.process(text);
  return undefined;
}

function listed(header: string): string[] {
  return header === "" ? [] : header.split(",").map((part) => withoutPort(part.trim()));
}

/** RFC 7239: `for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"`. */
function forwardedFor(header: string): string[] {
  return [...header.matchAll(/(?:^|[;,])\s*for\s*=\s*(?:"([^"]*)"|([^;,\s]*))/gi)].map(([, quoted, bare]) =>
    withoutPort(quoted ?? bare ?? ""),
  );
}

function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text);
  if (bracketed !== null) return bracketed[1] ?? "";
  return text.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");
}
