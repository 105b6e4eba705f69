const failure = Symbol("failure");
const refusal = Symbol("refusal");

/** A request that ends in one of its declared errors. */
export interface Failure<Errors extends string = string> {
  readonly [failure]: Errors;
}

/** An applicant who gets no seat, and why. */
export interface Refusal {
  readonly [refusal]: string;
}

/** Ends a request with one of the errors that its definition declares: `return fail("broke")`. */
export function fail<const Error extends string>(error: Error): Failure<Error> {
  return { [failure]: error };
}

/** Turns an applicant away; the reason (at most 123 bytes) is shown to the client beside code `refused`. */
export function refuse(reason: string): Refusal {
  return { [refusal]: reason };
}

export function failureOf(answer: unknown): string | undefined {
  return typeof answer === "object" && answer !== null && failure in answer
    ? (answer as Failure)[failure]
    : undefined;
}

export function refusalOf(answer: unknown): string | undefined {
  return typeof answer === "object" && answer !== null && refusal in answer
    ? (answer as Refusal)[refusal]
    : undefined;
}
