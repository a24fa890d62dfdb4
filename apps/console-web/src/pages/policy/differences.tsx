import type { PolicyDifferencesDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { Message } from '../../components/message.js';
import { Words } from '../../reading/values.js';

/** Differences of a rule set to the version in force, and whether it would wait. */
export function Differences({
  of: { lines, loosenings },
}: {
  readonly of: PolicyDifferencesDto;
}): ReactNode {
  return (
    <>
      {lines.length === 0 ? <p>The sets are equal.</p> : <Lines of={lines} />}
      {loosenings.length === 0 ? (
        <Message tone="good">It takes effect at once: nothing becomes looser.</Message>
      ) : (
        <Message tone="wait">
          <p>It takes effect after the waiting time of the version in force, because:</p>
          <Lines of={loosenings} />
        </Message>
      )}
    </>
  );
}

function Lines({ of }: { readonly of: readonly string[] }): ReactNode {
  return (
    <ul className="rules">
      {of.map((line) => (
        <li key={line}>
          <Words text={line} />
        </li>
      ))}
    </ul>
  );
}
