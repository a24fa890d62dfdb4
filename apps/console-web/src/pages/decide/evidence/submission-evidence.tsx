import type { SubmissionHistoryDto, UnclaimedRecordDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FactsOf } from '../../../actions/facts-of.js';
import { readOf } from '../../../api/queries.js';
import { connector, venueOf } from '../../../api/services.js';
import { DataTable, type TableColumn } from '../../../components/data-table.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { StateBadge } from '../../../components/state-badge.js';
import { Time } from '../../../components/time.js';
import { visibleText } from '../../../format/visible-text.js';
import { KnownRecipients } from './known-recipients.js';

/** Order, attempts with request and answer, cases, and unclaimed records of the venue. */
export function SubmissionEvidence({
  service,
  withdrawalId,
}: {
  readonly service: string;
  readonly withdrawalId: string;
}): ReactNode {
  const query = useQuery(readOf(connector(service).submission(withdrawalId)));
  return (
    <Reading query={query} what={`The submission at ${service}`}>
      {(submission) => (
        <>
          <Order service={service} submission={submission} />
          <Attempts attempts={submission.attempts} />
          <VenueRecords service={service} submission={submission} />
        </>
      )}
    </Reading>
  );
}

function Order({
  service,
  submission,
}: {
  readonly service: string;
  readonly submission: SubmissionHistoryDto;
}): ReactNode {
  const { attempts: _, cases, decisions, awaited, destination, state, ...facts } = submission;
  return (
    <Panel title="The order to the venue">
      <Facts facts={{ State: <StateBadge state={state} />, 'Waits for': awaited }} />
      {state === 'unknown' && (
        <Message>
          The connector still asks the venue, and may prove the outcome itself. A decision now needs
          proof that the venue will not change.
        </Message>
      )}
      {cases.map(({ id, kind, text, opened_at: at }) => (
        <Message key={id} tone="wait">
          <strong>{kind.replaceAll('_', ' ')}</strong>
          <Foreign text={text} />
          <Time at={at} />
        </Message>
      ))}
      <FactsOf value={destination} />
      <KnownRecipients
        accountId={submission.account_id}
        content={destination}
        venue={venueOf(service)}
      />
      <details>
        <summary>Every fact of the submission</summary>
        <FactsOf value={facts} />
      </details>
      {decisions.length > 0 && (
        <>
          <h3>Decisions so far</h3>
          {decisions.map((decision, at) => (
            <FactsOf key={at} value={decision} />
          ))}
        </>
      )}
    </Panel>
  );
}

function Attempts({
  attempts,
}: {
  readonly attempts: SubmissionHistoryDto['attempts'];
}): ReactNode {
  return (
    <Panel title={`Attempts: ${attempts.length}`}>
      {attempts.length === 0 && <p className="muted">No request was sent to the venue.</p>}
      {attempts.map((attempt) => (
        <section key={attempt.number}>
          <h3>Attempt {attempt.number}</h3>
          <Facts
            facts={{
              State: <StateBadge state={attempt.state} />,
              'Our reference': <code>{attempt.client_reference}</code>,
              Intended: <Time at={attempt.intended_at} isExact />,
              Answered:
                attempt.answered_at === null ? 'never' : <Time at={attempt.answered_at} isExact />,
              Request: <pre>{visibleText(attempt.request)}</pre>,
              'Status of the answer': attempt.response_status,
              Answer:
                attempt.response_body === null ? (
                  'none'
                ) : (
                  <pre>{visibleText(attempt.response_body)}</pre>
                ),
              Cause: attempt.cause !== null && <Foreign text={attempt.cause} />,
            }}
          />
        </section>
      ))}
    </Panel>
  );
}

const RECORD_COLUMNS: readonly TableColumn<UnclaimedRecordDto>[] = [
  {
    id: 'reference',
    name: 'Reference of the venue',
    isRowHeader: true,
    cell: ({ venue_reference: reference }) => <Foreign text={reference} />,
  },
  { id: 'gross', name: 'Amount', isRight: true, cell: ({ gross }) => <Foreign text={gross} /> },
  {
    id: 'to',
    name: 'Recipient',
    cell: ({ destination }) => (destination === null ? '–' : <Foreign text={destination} />),
  },
  {
    id: 'ours',
    name: 'Our reference',
    cell: ({ client_reference: own }) => (own === null ? 'none' : <Foreign text={own} />),
  },
  { id: 'status', name: 'Status', cell: ({ venue_status: status }) => <Foreign text={status} /> },
  { id: 'created', name: 'Created', cell: ({ created_at: at }) => <Time at={at} /> },
];

function VenueRecords({
  service,
  submission: { venue_reference: reference, tx_hash: hash },
}: {
  readonly service: string;
  readonly submission: SubmissionHistoryDto;
}): ReactNode {
  const query = useQuery(readOf(connector(service).unclaimedRecords()));
  return (
    <Panel title="Records of the venue">
      <Facts
        facts={{
          'Record of this payment': reference ?? 'none',
          'Transaction hash': hash ?? 'none',
        }}
      />
      <Reading query={query} what="The records that no order claims">
        {(records) => (
          <DataTable
            label="Records that no order claims"
            columns={RECORD_COLUMNS}
            rows={records}
            keyOf={({ venue_reference: key }) => key}
            empty="The venue lists no payment that is not ours."
          />
        )}
      </Reading>
    </Panel>
  );
}
