import type { HttpRequest } from "uWebSockets.js";

/**
 * Reads a header as a whole: its lines in order, joined to one list (RFC 9110, 5.3). `getHeader` knows the first line
 * alone, which is the peer's own where a proxy adds another.
 */
export function headerLines(request: Pick<HttpRequest, "forEach">): (name: string) => string {
  return (wanted) => {
    const lines: string[] = [];
    request.forEach((name, value) => {
      if (name === wanted) lines.push(value);
    });
    return lines.join(", ");
  };
}
