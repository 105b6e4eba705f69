import { Complaint } from "../../../../shared/complaint.ts";
import type { Clock } from "../../../../shared/tick/clock.ts";
import { type DirectoryOptions, directoryOptions } from "../directory-options.ts";
import { HealthState } from "../health.ts";
import { RedisDirectory } from "./redis-directory.ts";
import { RedisLink } from "./redis-link.ts";
import { loadRedis } from "./script-client.ts";

export interface RedisDirectoryOptions extends Partial<DirectoryOptions> {
  /** `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS, or the path of a Unix socket. */
  readonly url: string;
  /** What all keys begin with, in braces: one for each cluster that shares a Redis. Default `tickcast`. */
  readonly prefix?: string;
}

const PREFIX = /^[A-Za-z0-9._-]{1,32}$/;

/**
 * A directory in Redis 6.2 or newer, or Valkey. Once connected it keeps connecting by itself; meanwhile everything is
 * `directory-unavailable`.
 *
 * @throws Complaint where the address is none, or nothing answers there
 * @example
 * const directory = await connectRedisDirectory({ url: "redis://127.0.0.1:6379" }, new NodeClock());
 */
export async function connectRedisDirectory(
  { url, prefix = "tickcast", ...given }: RedisDirectoryOptions,
  clock: Clock,
): Promise<RedisDirectory> {
  const address = shownAddress(url);
  if (!PREFIX.test(prefix)) throw new RangeError(`"${prefix}" is no prefix of keys: ${PREFIX}`);
  const options = directoryOptions(given);
  const makeClient = await loadRedis();
  const health = new HealthState({ state: "unavailable", since: clock.now(), reason: "not connected yet" });
  const { deadlineMs } = options;
  const link = new RedisLink(makeClient, clock, health, { url, prefix: `{${prefix}}:`, deadlineMs });
  const first = await link.firstAttempt;
  if (first.ok) return new RedisDirectory(link, clock, health, options);
  link.close();
  throw new Complaint(
    `No directory at ${address}: ${first.message} Start Redis there, or name another address.`,
  );
}

/** What may be shown of an address: nothing of user and password. */
function shownAddress(url: string): string {
  if (url.startsWith("/")) return url;
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol))
    throw new Complaint(
      "The directory's address must begin with redis:// or rediss://, or be a socket's path.",
    );
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
