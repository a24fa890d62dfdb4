import type { HoldOutcomesDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FactsOf } from '../../../actions/facts-of.js';
import { readOf } from '../../../api/queries.js';
import { ledger } from '../../../api/services.js';
import { Foreign } from '../../../components/foreign.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { Postings } from './postings.js';

/** What the ledger would book for a decision; each decision without a name. */
export function BookingPreview({
  withdrawalId,
  decision = null,
}: {
  readonly withdrawalId: string;
  /** `paid`, `absent` or `returned`. */
  readonly decision?: string | null;
}): ReactNode {
  const query = useQuery(readOf(ledger.holdOutcomes(withdrawalId)));
  return (
    <Panel title="What would be booked">
      <Reading query={query} what="The bookings of both outcomes">
        {(outcomes) => (
          <>
            <Held outcomes={outcomes} />
            {(decision === null || decision === 'paid') && <Paid outcomes={outcomes} />}
            {(decision === null || decision === 'absent') && <Absent outcomes={outcomes} />}
            {decision === 'returned' && (
              <Message>
                The amount that came back is credited again; the answer of the decision names it.
              </Message>
            )}
          </>
        )}
      </Reading>
    </Panel>
  );
}

function Held({ outcomes: { hold } }: { readonly outcomes: HoldOutcomesDto }): ReactNode {
  return (
    <details>
      <summary>The hold: {hold.state}</summary>
      <FactsOf value={hold} />
    </details>
  );
}

function Paid({
  outcomes: { capture, capture_refused: refused },
}: {
  readonly outcomes: HoldOutcomesDto;
}): ReactNode {
  return (
    <section>
      <h3>Decided “paid”: the hold is captured</h3>
      {refused === null ? (
        <>
          <Postings postings={capture} none="Nothing would be booked." />
          <p className="small muted">The venue’s fee is added when it is known.</p>
        </>
      ) : (
        <Refused because={refused} />
      )}
    </section>
  );
}

function Absent({
  outcomes: { release, release_refused: refused },
}: {
  readonly outcomes: HoldOutcomesDto;
}): ReactNode {
  return (
    <section>
      <h3>Decided “absent”: the hold is released</h3>
      {refused === null ? (
        <Postings
          postings={release}
          none="No entry: the held amount becomes available to the account again."
        />
      ) : (
        <Refused because={refused} />
      )}
    </section>
  );
}

function Refused({ because }: { readonly because: string }): ReactNode {
  return (
    <Message tone="bad">
      <strong>The ledger would refuse it:</strong>
      <Foreign text={because} />
    </Message>
  );
}
