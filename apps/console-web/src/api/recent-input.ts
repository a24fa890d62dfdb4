const INPUTS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

let isReported = false;

/** Begins to note the inputs of the person. Called once, at the start of the page. */
export function watchInput(): void {
  const note = (): void => {
    isReported = false;
  };
  for (const input of INPUTS) window.addEventListener(input, note, { passive: true });
}

/**
 * Value of the header `sluice-console`: `1` extends the session. A read without an input since the
 * last `1` is `background`, because the page's own repetitions would keep a session alive for ever.
 */
export function consoleHeader(method: string): '1' | 'background' {
  if (method === 'GET' && isReported) return 'background';
  isReported = true;
  return '1';
}
