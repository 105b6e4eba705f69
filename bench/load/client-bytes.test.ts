import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acceptFor, maskedFrame, refusal, upgradeRequest } from "./client-bytes.ts";

/** The example of RFC 6455, 1.3. */
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

const answer = (...headers: string[]): string =>
  ["HTTP/1.1 101 Switching Protocols", ...headers].join("\r\n");

describe("the handshake of a lean client", () => {
  test("[BEN-4] asks as RFC 6455 says, in a whole request", () => {
    const request = upgradeRequest("127.0.0.1:3000", "/fanout", KEY);
    expect(request.startsWith("GET /fanout HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n")).toBe(true);
    expect(request).toContain(`\r\nSec-WebSocket-Key: ${KEY}\r\n`);
    expect(request.endsWith("\r\n\r\n")).toBe(true);
    expect(request.indexOf("\r\n\r\n")).toBe(request.length - 4);
  });

  test("[BEN-4] takes the RFC's own answer, whatever the case of its headers", () => {
    expect(acceptFor(KEY)).toBe(ACCEPT);
    const headers = ["UPGRADE: WebSocket", "connection: upgrade", `sec-websocket-ACCEPT:${ACCEPT}`];
    expect(refusal(answer(...headers), KEY)).toBeUndefined();
  });

  test.each([
    ["another status", "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5", /503/],
    ["a status that only begins alike", "HTTP/1.1 1010 Odd", /1010/],
    [
      "another key's answer",
      answer("Upgrade: websocket", `Sec-WebSocket-Accept: ${acceptFor("x")}`),
      /another/,
    ],
    ["another protocol", answer("Upgrade: h2c", `Sec-WebSocket-Accept: ${ACCEPT}`), /something else/],
    [
      "an extension",
      answer("Upgrade: websocket", `Sec-WebSocket-Accept: ${ACCEPT}`, "Sec-WebSocket-Extensions: x"),
      /extension/,
    ],
  ])("[BEN-4] refuses %s", (_name, text, sentence) => {
    expect(refusal(text, KEY)).toMatch(sentence);
  });
});

describe("maskedFrame", () => {
  test("unmasked again, the payload is what it was, behind a header that says its length", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        (payload, mask) => {
          const bytes = maskedFrame(2, payload, mask);
          const at = payload.length > 125 ? 8 : 6;
          expect(bytes[0]).toBe(0x82);
          expect(bytes[1]).toBe(0x80 | (payload.length > 125 ? 126 : payload.length));
          if (payload.length > 125)
            expect(bytes.slice(2, 4)).toEqual(Uint8Array.of(payload.length >> 8, payload.length & 0xff));
          expect(bytes.slice(at - 4, at)).toEqual(mask);
          expect(bytes.slice(at).map((byte, i) => byte ^ (mask[i % 4] ?? 0))).toEqual(payload);
        },
      ),
    );
  });

  test("what needs a longer length than clients ever send is refused", () => {
    expect(() => maskedFrame(2, new Uint8Array(65_536), new Uint8Array(4))).toThrow(RangeError);
  });
});
