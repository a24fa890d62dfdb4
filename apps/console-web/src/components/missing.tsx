import type { ReactNode } from 'react';
import { CallError } from '../api/call-error.js';
import type { EveryAnswer } from '../api/queries.js';
import { visibleText } from '../format/visible-text.js';
import { Message } from './message.js';

/** Reports a read without an answer. A list without an answer is never shown as empty. */
export function Missing({
  what,
  error,
}: {
  /** The missing data, for example `The balances`. */
  readonly what: string;
  readonly error: unknown;
}): ReactNode {
  const service = error instanceof CallError ? error.service : 'the service';
  const because = error instanceof Error ? error.message : 'the cause is unknown';
  return (
    <Message tone="bad">
      <span>
        {what} could not be asked: {service}, because {visibleText(because)}
      </span>
    </Message>
  );
}

/** Names the services without an answer to a read of every service. */
export function MissingServices({
  answers,
}: {
  readonly answers: readonly EveryAnswer<unknown>[];
}): ReactNode {
  const missing = answers.filter(({ data }) => data === undefined);
  if (missing.length === 0) return null;
  return (
    <Message tone="bad">
      {missing.map(({ service, status, message = `status ${status}` }) => (
        <span key={service}>
          {service} could not be asked: {visibleText(message)}. Its part is missing here.
        </span>
      ))}
    </Message>
  );
}
