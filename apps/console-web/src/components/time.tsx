import type { ReactNode } from 'react';
import { durationText, relativeText, utcText } from '../time/ages.js';
import { useServerTime } from '../time/use-server-time.js';

const RENEWED_MS = 5_000;

/** Instant in UTC with its zone, and relative to the server's time. */
export function Time({
  at,
  isExact = false,
}: {
  readonly at: string;
  /** True to show milliseconds. */
  readonly isExact?: boolean;
}): ReactNode {
  const now = useServerTime(RENEWED_MS);
  return (
    <time dateTime={at}>
      <span className="nowrap">{utcText(at, isExact)}</span>
      {now !== null && <span className="muted nowrap"> ({relativeText(at, now)})</span>}
    </time>
  );
}

/** Age of an instant, with the instant as its title. */
export function Age({ since }: { readonly since: string }): ReactNode {
  const now = useServerTime(RENEWED_MS);
  return (
    <time dateTime={since} title={utcText(since)} className="nowrap">
      {now === null ? utcText(since) : durationText(now - Date.parse(since))}
    </time>
  );
}
