import { describe, expect, test } from "vitest";
import { type ContractRun, contractLimits } from "./kit.contract.ts";

/** The rules of a transport that concern HTTP. */
export function httpContract(run: ContractRun): void {
  describe("HTTP", () => {
    test("[TRN-30] a request arrives with method, address, headers and body", async () => {
      run.server.answer = async (request, remoteAddress) =>
        Response.json({
          method: request.method,
          path: new URL(request.url).pathname,
          query: new URL(request.url).searchParams.get("q"),
          header: request.headers.get("x-given"),
          body: await request.text(),
          remoteAddress,
        });
      const response = await run.harness.request("/a/b?q=1", {
        method: "POST",
        body: "hällo",
        headers: { "x-given": "yes" },
      });
      expect(await response.json()).toEqual({
        method: "POST",
        path: "/a/b",
        query: "1",
        header: "yes",
        body: "hällo",
        remoteAddress: "127.0.0.1",
      });
    });

    test("[TRN-30] a request without a body has none, whatever its method", async () => {
      run.server.answer = async (request) => new Response(`${request.method}:${await request.text()}`);
      for (const method of ["GET", "POST", "PUT", "DELETE", "OPTIONS"]) {
        const response = await run.harness.request("/", { method });
        expect(await response.text()).toBe(`${method}:`);
      }
    });

    test("[TRN-30] a request without a query has none", async () => {
      run.server.answer = (request) => new Response(`[${new URL(request.url).search}]`);
      expect(await (await run.harness.request("/echo")).text()).toBe("[]");
    });

    test("[TRN-30] a path with two slashes names no other host", async () => {
      run.server.answer = (request) => new Response(new URL(request.url).pathname);
      expect(await (await run.harness.request("//evil.example/x")).text()).toBe("//evil.example/x");
    });

    test("[TRN-31] status, headers and bytes of the answer come back as they are", async () => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
      run.server.answer = () => {
        const headers = new Headers({ "content-type": "application/octet-stream", "x-latin": "grün" });
        headers.append("set-cookie", "a=1");
        headers.append("set-cookie", "b=2");
        return new Response(bytes, { status: 201, headers });
      };
      const response = await run.harness.request("/");
      expect(response.status).toBe(201);
      expect(response.headers.get("content-type")).toBe("application/octet-stream");
      expect(response.headers.get("x-latin")).toBe("grün");
      expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
      expect(response.headers.get("content-length")).toBe("70000");
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    });

    test("[TRN-31] the transport writes the length, whatever the answer says of it", async () => {
      run.server.answer = () => new Response("four", { headers: { "content-length": "400" } });
      const response = await run.harness.request("/");
      expect(response.headers.get("content-length")).toBe("4");
      expect(await response.text()).toBe("four");
    });

    test("[TRN-32] an answer to HEAD has the length of the body and no body", async () => {
      run.server.answer = () => new Response("twelve bytes");
      const response = await run.harness.request("/", { method: "HEAD" });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-length")).toBe("12");
      expect(await response.text()).toBe("");
    });

    test("[TRN-32] an answer to HEAD may name a length without making the bytes", async () => {
      run.server.answer = () => new Response(null, { headers: { "content-length": "1234" } });
      const response = await run.harness.request("/", { method: "HEAD" });
      expect(response.headers.get("content-length")).toBe("1234");
    });

    test("[TRN-33] 404, 204 and 304 come back as such", async () => {
      for (const status of [404, 204, 304]) {
        run.server.answer = () => new Response(null, { status });
        const response = await run.harness.request("/");
        expect(response.status).toBe(status);
        expect(await response.text()).toBe("");
      }
    });

    test("[TRN-34] a handler that throws, rejects or gives what cannot be sent is reported and answered with 500", async () => {
      const fault = new Error("broken");
      const faults: (() => Response | Promise<Response>)[] = [
        () => {
          throw fault;
        },
        () => Promise.reject(fault),
        () => Response.error(),
      ];
      for (const answer of faults) {
        run.server.answer = answer;
        const response = await run.harness.request("/");
        expect(response.status).toBe(500);
        expect(await response.text()).toBe("Internal server error\n");
      }
      expect(run.server.failures.map(({ where }) => where)).toEqual(["http", "http", "http"]);
      expect(run.server.failures[0]?.error).toBe(fault);
    });

    test("[TRN-35] a body of the limit's size arrives; a larger one is answered with 413 and not handed over", async () => {
      run.server.answer = async (request) => new Response(String((await request.arrayBuffer()).byteLength));
      const post = (bytes: number) => run.harness.request("/", { method: "POST", body: "x".repeat(bytes) });
      expect(await (await post(contractLimits.maxBodyBytes)).text()).toBe("1000");
      expect((await post(contractLimits.maxBodyBytes + 1)).status).toBe(413);
      expect((await post(500_000)).status).toBe(413);
      expect(run.server.asked).toBe(1);
      expect(run.server.limits).toEqual(["maxBodyBytes 127.0.0.1", "maxBodyBytes 127.0.0.1"]);
    });
  });
}
