import type { GameDescription } from "./description.ts";

export type Compatibility =
  | { readonly compatible: true }
  | { readonly compatible: false; readonly problems: readonly string[] };

interface Named {
  readonly name: string;
}

/**
 * Whether a client built for `known` can play what the server describes. Everything that the client knows
 * must be there unchanged; what the server has besides is skipped by the client. So servers may add tables,
 * fields, events, messages, requests and inputs without a new client, and remove or change none.
 */
export function compatibility(known: GameDescription, server: GameDescription): Compatibility {
  const problems: string[] = [];
  const each = <T extends Named>(
    what: string,
    wanted: readonly T[],
    offered: readonly T[],
    compare: (wanted: T, offered: T) => void,
  ): void => {
    for (const item of wanted) {
      const match = offered.find((candidate) => candidate.name === item.name);
      if (match === undefined) problems.push(`${what} "${item.name}" is gone`);
      else compare(item, match);
    }
  };
  const same = (what: string) => (wanted: Named, offered: Named) => {
    if (JSON.stringify(wanted) !== JSON.stringify(offered))
      problems.push(`${what} "${wanted.name}" has changed`);
  };

  if (known.name !== server.name) problems.push(`the game is "${server.name}", not "${known.name}"`);
  each("table", known.tables, server.tables, (wanted, offered) => {
    if (wanted.kind !== offered.kind || wanted.owner !== offered.owner)
      problems.push(`table "${wanted.name}" has changed its kind`);
    const field = `field of table "${wanted.name}"`;
    each(field, wanted.fields, offered.fields, same(field));
  });
  each("input", known.inputs, server.inputs, same("input"));
  each("event", known.events, server.events, (wanted, offered) => {
    const field = `field of event "${wanted.name}"`;
    each(field, wanted.fields, offered.fields, same(field));
  });
  const named = (names: readonly string[]) => names.map((name) => ({ name }));
  each("message", named(known.messages), named(server.messages), () => {});
  each("request", known.requests, server.requests, same("request"));
  return problems.length === 0 ? { compatible: true } : { compatible: false, problems };
}
