import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Message } from '../components/message.js';
import { Missing } from '../components/missing.js';

/** An expensive read that a person starts. Its answer stays until the next one. */
export function OnDemand<Answer>({
  label,
  what,
  ask,
  blocked = null,
  children,
}: {
  readonly label: string;
  /** The answer in a sentence, for example `The proof`. */
  readonly what: string;
  readonly ask: () => Promise<Answer>;
  readonly blocked?: string | null;
  readonly children: (answer: Answer) => ReactNode;
}): ReactNode {
  const { mutate, data, error, isPending } = useMutation({ mutationFn: ask });
  return (
    <>
      <p className="actions">
        <button
          type="button"
          className="button button-main"
          aria-disabled={isPending || blocked !== null}
          onClick={() => {
            if (!isPending && blocked === null) mutate();
          }}
        >
          {label}
        </button>
        {blocked !== null && <span className="muted">{blocked}</span>}
        {isPending && (
          <span className="muted" role="status">
            This runs; it may take a while.
          </span>
        )}
      </p>
      {error !== null && (
        <Message tone="bad" isResult>
          <Missing what={what} error={error} />
        </Message>
      )}
      {data !== undefined && error === null && !isPending && (
        <div role="status" className="on-demand">
          {children(data)}
        </div>
      )}
    </>
  );
}
