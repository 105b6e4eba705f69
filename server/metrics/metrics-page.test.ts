import { describe, expect, test } from "vitest";
import { metricsPage } from "./metrics-page.ts";

const metrics = { text: async () => "up 1\n", contentType: "text/plain; version=0.0.4" };

async function ask(address: string, token?: string, headers: Record<string, string> = {}, method = "GET") {
  const request = new Request("http://play.example.com/metrics", { headers, method });
  const response = await metricsPage(metrics, token, request, address);
  if (response === undefined) throw new Error("passed on");
  return response;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("[OPS-1] /metrics answers this machine, and others with the token", () => {
  for (const address of ["127.0.0.1", "127.9.9.9", "::1"])
    test(`${address} needs no token`, async () => {
      const response = await ask(address, "secret");
      expect([response.status, await response.text()]).toEqual([200, "up 1\n"]);
      expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4");
    });

  for (const address of ["192.0.2.1", "10.0.0.1", "2001:db8::1", "unknown", "127.0.0.1.example.com"])
    test(`${address}: 404 where there is no token at all`, async () => {
      expect((await ask(address)).status).toBe(404);
      expect((await ask(address, undefined, bearer("x"))).status).toBe(404);
    });

  test("a token that is missing or wrong is answered with 401 and what is asked for", async () => {
    for (const headers of [{}, bearer("secre"), bearer("secrets"), { authorization: "Basic secret" }]) {
      const response = await ask("192.0.2.1", "secret", headers);
      expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    }
  });

  test("the token lets in from anywhere", async () => {
    expect((await ask("192.0.2.1", "secret", bearer("secret"))).status).toBe(200);
  });

  for (const header of ["x-forwarded-for", "forwarded", "via"])
    test(`who comes through a proxy on this machine (${header}) is not this machine`, async () => {
      expect((await ask("127.0.0.1", "secret", { [header]: "x" })).status).toBe(401);
      expect((await ask("127.0.0.1", undefined, { [header]: "x" })).status).toBe(404);
    });

  test("other methods are answered with what is allowed, other addresses are passed on", async () => {
    expect((await ask("::1", undefined, {}, "POST")).status).toBe(405);
    expect(await metricsPage(metrics, undefined, new Request("http://a/other"), "::1")).toBeUndefined();
  });
});
