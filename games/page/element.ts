/**
 * The element of the page with this id.
 *
 * @throws Error where the page has none of this kind: page and script belong to different builds
 */
export function element<E extends Element>(id: string, kind: abstract new () => E): E {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} with the id "${id}"`);
}

/** Sets text only where it differs, so that a HUD refreshed many times a second costs no layout. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
