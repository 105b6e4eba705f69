const schemes: Readonly<Record<string, string>> = {
  "http:": "ws:",
  "https:": "wss:",
  "ws:": "ws:",
  "wss:": "wss:",
};

/**
 * The WebSocket URL for what an author wrote: `http` and `https` stand for `ws` and `wss`, and where there is a
 * page, `/arena` is on its server.
 *
 * @throws TypeError for what is no such URL
 */
export function socketUrl(written: string, page: string | undefined): string {
  const url = URL.canParse(written, page) ? new URL(written, page) : undefined;
  const scheme = url && schemes[url.protocol];
  if (url === undefined || scheme === undefined)
    throw new TypeError(
      `"${written}" is no address of a room: write it like wss://play.example.com/arena` +
        (page === undefined ? "" : " or, on the page's own server, /arena"),
    );
  url.protocol = scheme;
  // Browsers refuse to open a WebSocket with a fragment.
  url.hash = "";
  return url.href;
}
