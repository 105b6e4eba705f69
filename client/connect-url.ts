const schemes: Readonly<Record<string, string>> = {
  "http:": "ws:",
  "https:": "wss:",
  "ws:": "ws:",
  "wss:": "wss:",
};

/** The address of one room, given the one by which it was found: `…/arena` and `k3v9` are `…/arena/k3v9`. */
export function roomUrl(found: string, roomId: string): string {
  const url = new URL(found);
  const path = url.pathname.replace(/\/$/, "");
  url.pathname = path.endsWith(`/${roomId}`) ? path : `${path}/${roomId}`;
  return url.href;
}

/** Where matchmaking is asked for a room, where an author wrote that: `/join/arena` or `/join/arena/k3v9`. */
export function matchmakingUrl(written: string, page: string | undefined): string | undefined {
  if (!URL.canParse(written, page)) return undefined;
  const { protocol, pathname, href } = new URL(written, page);
  return /^https?:$/.test(protocol) && /\/join\/[^/]+(\/[^/]+)?$/.test(pathname) ? href : undefined;
}

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
