/** So many addresses there are in 127.1.0.0/16, network and broadcast aside. */
const MOST = 60_000;

/**
 * Addresses of this machine to come from: on Linux all of 127.0.0.0/8 are. Ports of one address run out at some 28,000
 * connections to one server, and limits by address hold for each of them.
 *
 * @returns 127.1.0.1 and so on, one for each
 */
export function sourceAddresses(count: number): string[] {
  if (count > MOST) throw new RangeError(`${count} addresses are more than ${MOST}`);
  return Array.from({ length: count }, (_, i) => `127.1.${Math.floor(i / 250)}.${1 + (i % 250)}`);
}
