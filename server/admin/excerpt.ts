/** Which part of a list is asked for. */
export interface Excerpt {
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

const MOST = 500;

/** From an address's query; what makes no sense there is the default. */
export function excerptOf(query: URLSearchParams): Excerpt {
  return {
    search: (query.get("search") ?? "").trim().slice(0, 100),
    offset: wholeNumber(query.get("offset"), 0),
    limit: Math.min(MOST, wholeNumber(query.get("limit"), 100)),
  };
}

/** A whole number of at least 0, or `otherwise`. */
export function wholeNumber(text: string | null, otherwise: number): number {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : otherwise;
}
