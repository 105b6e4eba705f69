import { problem } from "../http/json.ts";
import { refuseStranger } from "../http/operator-access.ts";
import type { Metrics } from "./metrics.ts";

/** Answers `GET /metrics`; passes anything else on. */
export async function metricsPage(
  metrics: Pick<Metrics, "text" | "contentType">,
  token: string | undefined,
  request: Request,
  remoteAddress: string,
): Promise<Response | undefined> {
  if (new URL(request.url).pathname !== "/metrics") return undefined;
  const refusal = refuseStranger(request, remoteAddress, token);
  if (refusal !== undefined) return refusal;
  if (request.method !== "GET" && request.method !== "HEAD")
    return problem(405, "method-not-allowed", "This address answers GET, HEAD.", { allow: "GET, HEAD" });
  return new Response(await metrics.text(), {
    headers: { "content-type": metrics.contentType, "cache-control": "no-store" },
  });
}
