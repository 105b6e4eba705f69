/** A JSON answer that no cache keeps. */
export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
  });
}

/** An error answer: a code to branch on and a sentence to read. */
export function problem(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  const response = json({ error: { code, message } }, status);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** What is answered to an address that asks for more than it may. */
export function tooMany(message: string, retryAfterSeconds: number): Response {
  return problem(429, "rate-limited", message, { "retry-after": String(retryAfterSeconds) });
}
