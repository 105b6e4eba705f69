/**
 * Whom an address stands for where limits count by address. Whoever has an IPv6 address has the 2^64 of its network,
 * so these count as one.
 */
export function addressGroup(address: string): string {
  if (!address.includes(":") || address === "::1") return address;
  const [head = "", tail] = address.split("::", 2);
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return `${groups.slice(0, 4).join(":")}::/64`;
}

/** Whether it is this machine: a proxy in front of the server, a developer, a load test. */
export function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}
