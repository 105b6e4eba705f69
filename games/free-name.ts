/** The name, or the first of "name 2", "name 3", … that nobody has; cut so that it stays within `length`. */
export function freeName(wanted: string, length: number, taken: (name: string) => boolean): string {
  if (!taken(wanted)) return wanted;
  for (let number = 2; ; number++) {
    const suffix = ` ${number}`;
    const name = `${wanted.slice(0, length - suffix.length).trimEnd()}${suffix}`;
    if (!taken(name)) return name;
  }
}
