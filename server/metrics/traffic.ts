/** What went through a transport since it began, of all connections together. */
export interface Traffic {
  /** Connections that are open. */
  connections: number;
  connected: number;
  /** Frames that were queued for a connection, one by one or by a topic, and their bytes without WebSocket's own. */
  framesSent: number;
  bytesSent: number;
  messagesReceived: number;
  bytesReceived: number;
  /** Handshakes that were answered with an HTTP status, by status. */
  readonly refused: Map<number, number>;
  /** HTTP requests, by the status of their answer. */
  readonly requests: Map<number, number>;
}

export function noTraffic(): Traffic {
  return {
    connections: 0,
    connected: 0,
    framesSent: 0,
    bytesSent: 0,
    messagesReceived: 0,
    bytesReceived: 0,
    refused: new Map(),
    requests: new Map(),
  };
}

/** One more of a kind. */
export function countOf<Key>(counts: Map<Key, number>, key: Key, more = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}
