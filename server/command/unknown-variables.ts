/** What Kubernetes sets in every pod for a service of that name: `TICKCAST_PORT`, `TICKCAST_SERVICE_HOST` and so on. */
const OF_A_SERVICE = /_(SERVICE_HOST|SERVICE_PORT\w*|PORT|PORT_\d+_(TCP|UDP)\w*)$/;

/** Variables that look like settings and are none: a misspelt one would change nothing and say nothing. */
export function unknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): readonly string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith("TICKCAST_") && !known.includes(name) && !OF_A_SERVICE.test(name))
    .sort();
}
