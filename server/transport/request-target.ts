/** What a peer asks for, as the core sees it. */
export interface RequestTarget {
  /** Decoded, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** `undefined` if the path is not decodable, such as `/%zz`. */
export function readRequestTarget(encodedPath: string, query: string): RequestTarget | undefined {
  try {
    return { path: decodeURIComponent(encodedPath), query: new URLSearchParams(query) };
  } catch {
    // Only the decoding throws, and only for what the peer sent.
    return undefined;
  }
}
