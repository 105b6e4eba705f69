import type { ClusterBus } from "./bus/cluster-bus.ts";
import type { Directory } from "./directory/directory.ts";
import type { DirectoryOptions } from "./directory/directory-options.ts";
import type { FailoverOptions, OnDirectoryLoss } from "./failover/index.ts";
import type { NodeOptions } from "./node/node-options.ts";

/** What makes a server a node of a cluster. */
export interface ClusterOptions {
  /**
   * Where the directory is: `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS, the path of a Unix socket,
   * or a handle of your own, which stays yours to close, and needs a `bus`.
   */
  readonly directory: string | Directory;
  /** Beside a directory of your own; with an address the bus is there, too. */
  readonly bus?: ClusterBus;
  /** Unique in the cluster: 1 to 64 letters, digits, `.`, `_` and `-`. Absent: a random one, new with each start. */
  readonly nodeId?: string;
  /** What all keys in Redis begin with: one for each cluster that shares a Redis. Default `tickcast`. */
  readonly prefix?: string;
  /** The same on all nodes. */
  readonly directoryOptions?: Partial<DirectoryOptions>;
  readonly nodeOptions?: Partial<NodeOptions>;
  /** What happens to rooms while the directory is out of reach; the same on all nodes. Default `fence`. */
  readonly onDirectoryLoss?: OnDirectoryLoss;
  readonly failoverOptions?: Partial<FailoverOptions>;
}
