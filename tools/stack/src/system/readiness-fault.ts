interface Indicator {
  readonly status?: string;
  readonly faults?: readonly string[];
}

/**
 * Returns the faults in an answer of `/readyz`, complete, each after the name of its check. An
 * answer in another form is shortened.
 */
export function readinessFault(url: string, status: number, body: string): string {
  const down = Object.entries(indicatorsIn(body)).filter(([, one]) => one.status === 'down');
  if (down.length === 0) return `${url} answers ${status}: ${body.slice(0, 300)}`;
  return down
    .map(([check, { faults = [] }]) => `${check}: ${faults.join('; ') || 'down without a reason'}`)
    .join('; ');
}

/** The failed checks of a health document. */
function indicatorsIn(body: string): Readonly<Record<string, Indicator>> {
  try {
    const health = JSON.parse(body) as {
      readonly error?: Readonly<Record<string, Indicator>>;
    } | null;
    return health?.error ?? {};
  } catch {
    return {};
  }
}
