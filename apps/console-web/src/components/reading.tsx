import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { CallError } from '../api/call-error.js';
import { visibleText } from '../format/visible-text.js';
import { utcText } from '../time/ages.js';
import { Message } from './message.js';
import { Missing } from './missing.js';

/**
 * Shows the data of a read, or the reason for missing data. Old data are marked after a failed
 * reading.
 */
export function Reading<Data>({
  query: { data, error, dataUpdatedAt },
  what,
  children,
}: {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'dataUpdatedAt'>;
  /** The data, for example `The balances`. */
  readonly what: string;
  readonly children: (data: Data) => ReactNode;
}): ReactNode {
  if (data === undefined)
    return error === null ? (
      <p className="muted" role="status" data-loading>
        {what} …
      </p>
    ) : (
      <Missing what={what} error={error} />
    );
  const stale =
    error === null ? null : (
      <Message tone="wait">
        <span>
          {what} are from {utcText(new Date(dataUpdatedAt).toISOString())} by the clock of this
          machine. The newest reading failed: {error instanceof CallError && `${error.service}, `}
          {visibleText(error.message)}
        </span>
      </Message>
    );
  return (
    <>
      {stale}
      {children(data)}
    </>
  );
}
