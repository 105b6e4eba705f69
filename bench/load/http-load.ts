import type { Result } from "autocannon";
import type { Clock } from "../../shared/tick/clock.ts";
import { dueAt } from "../../shared/tick/tick.ts";
import type { EndpointFigures, MeasuredWindow } from "../run/messages.ts";
import type { Autocannon } from "./autocannon.ts";
import type { Endpoint } from "./endpoints.ts";
import { RequestRecorder } from "./request-recorder.ts";

/** Without an answer for so long, a request has failed. */
const TIMEOUT_SECONDS = 2;

/** Requests go on for so long after a window that those from within it are answered or have failed. */
export const TAIL_SECONDS = TIMEOUT_SECONDS + 0.5;

/**
 * Requests one endpoint of 127.0.0.1 from now on until after the window.
 *
 * Latencies are kept here: autocannon's own count whole milliseconds.
 */
export async function requestEndpoint(
  autocannon: Autocannon,
  { name, path, connections, ratePerSecond, ...request }: Endpoint,
  port: number,
  window: MeasuredWindow,
  clock: Clock,
): Promise<EndpointFigures> {
  const recorder = new RequestRecorder(window);
  const endsAt = dueAt(window.epoch, window.toTick, window.periodMs);
  const result = await new Promise<Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url: `http://127.0.0.1:${port}${path}`,
        ...request,
        connections,
        duration: (endsAt - clock.now()) / 1000 + TAIL_SECONDS,
        timeout: TIMEOUT_SECONDS,
        // How often it looks whether it is to end.
        sampleInt: 100,
        ...(ratePerSecond !== undefined && { overallRate: ratePerSecond }),
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    );
    instance.on("response", (_client, status, _bytes, latencyMs) =>
      recorder.answer(status, clock.now(), latencyMs),
    );
  });
  return {
    name,
    answered: recorder.answered,
    latencyMs: recorder.latencies(),
    answeredAtAll: result["2xx"],
    errors: result.errors,
    non2xx: result.non2xx,
  };
}
