import type { ProblemAnswer } from "../../answers.ts";

/** What came of a question: an answer, or a sentence that says why there is none. */
export type Answered<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  /** `status` is 0 where the server was not reached. */
  | { readonly ok: false; readonly status: number; readonly message: string };

/** How the page stands with the server. */
export type ServerContact = "answers" | "silent" | "denied";

/** Asks the server. The token travels in a header alone, and never stands in an address. */
export class Api {
  readonly #token: string;
  readonly #contact: (contact: ServerContact) => void;

  constructor(token: string, contact: (contact: ServerContact) => void) {
    this.#token = token;
    this.#contact = contact;
  }

  get<Answer>(path: string, signal?: AbortSignal): Promise<Answered<Answer>> {
    return this.#ask(path, { ...(signal && { signal }) });
  }

  post(path: string, body: object): Promise<Answered<{ readonly done: string }>> {
    return this.#ask(path, { method: "POST", body: JSON.stringify(body) });
  }

  async #ask<Answer>(path: string, init: RequestInit): Promise<Answered<Answer>> {
    const headers = { authorization: `Bearer ${this.#token}` };
    try {
      const response = await fetch(`./api/${path}`, { ...init, headers, cache: "no-store" });
      const answer: unknown = await response.json();
      const denied = response.status === 401 || response.status === 429;
      this.#contact(denied ? "denied" : "answers");
      if (response.ok) return { ok: true, answer: answer as Answer };
      return { ok: false, status: response.status, message: (answer as ProblemAnswer).error.message };
    } catch {
      // Stopped by the page itself: that says nothing of the server.
      if (!init.signal?.aborted) this.#contact("silent");
      return { ok: false, status: 0, message: "The server does not answer." };
    }
  }
}
