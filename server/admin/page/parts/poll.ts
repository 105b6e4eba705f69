/**
 * Asks again and again, one question at a time, while the page is seen: a tab in the background costs the server
 * nothing. The returned function ends it.
 */
export function poll(everyMs: number, ask: (signal: AbortSignal) => Promise<void>): () => void {
  const end = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;

  const turn = async (): Promise<void> => {
    if (asking || document.hidden || end.signal.aborted) return;
    clearTimeout(timer);
    asking = true;
    const began = performance.now();
    await ask(end.signal).finally(() => {
      asking = false;
    });
    if (!end.signal.aborted) timer = setTimeout(again, Math.max(50, everyMs - (performance.now() - began)));
  };
  const again = (): void => void turn();

  document.addEventListener("visibilitychange", again);
  again();
  return () => {
    end.abort();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", again);
  };
}
