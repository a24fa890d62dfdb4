import type { SubmissionHistoryDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { Amount } from '../../components/amount.js';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { Foreign } from '../../components/foreign.js';
import { Message } from '../../components/message.js';
import { Panel } from '../../components/panel.js';
import { StateBadge } from '../../components/state-badge.js';
import { Time } from '../../components/time.js';

type VenueAttempt = SubmissionHistoryDto['attempts'][number];
type PersonDecision = SubmissionHistoryDto['decisions'][number];

const ATTEMPTS: readonly TableColumn<VenueAttempt>[] = [
  { id: 'number', name: '#', isRight: true, isRowHeader: true, cell: ({ number }) => number },
  { id: 'state', name: 'State', cell: ({ state }) => <StateBadge state={state} /> },
  { id: 'sent', name: 'Sent', cell: ({ intended_at: at }) => <Time at={at} isExact /> },
  {
    id: 'answered',
    name: 'Answered',
    cell: ({ answered_at: at }) => (at === null ? 'no answer' : <Time at={at} isExact />),
  },
  {
    id: 'gross',
    name: 'Debited by the venue',
    isRight: true,
    cell: ({ gross }) => <Amount value={gross} />,
  },
  {
    id: 'bytes',
    name: 'Request and answer',
    cell: (attempt) => <Exchange attempt={attempt} />,
  },
];

const DECISIONS: readonly TableColumn<PersonDecision>[] = [
  {
    id: 'decision',
    name: 'Decision',
    isRowHeader: true,
    cell: ({ decision }) => <StateBadge state={decision} />,
  },
  { id: 'at', name: 'Decided', cell: ({ decided_at: at }) => <Time at={at} /> },
  { id: 'by', name: 'By', cell: ({ decided_by: by }) => by ?? 'a rule' },
  { id: 'second', name: 'Confirmed by', cell: ({ confirmed_by: by }) => by ?? 'no second person' },
  { id: 'evidence', name: 'Evidence', cell: ({ evidence }) => <Foreign text={evidence} /> },
];

/** A submission at a connector: state, attempts with exact bytes, cases and decisions. */
export function SubmissionPanels({
  service,
  submission,
}: {
  readonly service: string;
  readonly submission: SubmissionHistoryDto;
}): ReactNode {
  const { attempts, cases, decisions } = submission;
  return (
    <Panel title={`At ${service}`} aside={<StateBadge state={submission.state} />}>
      {cases.map(({ id, kind, text, opened_at: at }) => (
        <Message key={id} tone="bad">
          <strong>
            Case {id}: {kind.replaceAll('_', ' ')}
          </strong>
          <Foreign text={text} />
          <span className="muted">
            Opened <Time at={at} />
          </span>
        </Message>
      ))}
      <Facts facts={submissionFacts(submission)} />
      <h3>Attempts</h3>
      <DataTable
        label={`Attempts at ${service}`}
        columns={ATTEMPTS}
        rows={attempts}
        keyOf={({ number }) => String(number)}
        empty="Nothing was sent to the venue yet."
      />
      {decisions.length > 0 && (
        <>
          <h3>Decisions of people</h3>
          <DataTable
            label={`Decisions at ${service}`}
            columns={DECISIONS}
            rows={decisions}
            keyOf={({ decided_at: at }) => at}
            empty=""
          />
        </>
      )}
    </Panel>
  );
}

function submissionFacts(submission: SubmissionHistoryDto): Readonly<Record<string, ReactNode>> {
  const { asset } = submission;
  const amount = (value: string | null) => value && <Amount value={value} unit={asset} />;
  const time = (at: string | null) => at && <Time at={at} />;
  return {
    'Waits for': <Foreign text={submission.awaited} />,
    'Our reference': <Foreign text={submission.client_reference} />,
    'Reference of the venue': submission.venue_reference && (
      <Foreign text={submission.venue_reference} />
    ),
    Reason: submission.reason && <Foreign text={submission.reason} />,
    'Fee of the venue': amount(submission.venue_fee),
    'Recipient got': amount(submission.received),
    'Came back': amount(submission.returned_amount),
    Cancel: submission.cancel_state,
    'Begins by': time(submission.not_after),
    'Next check': time(submission.next_action_at),
    'Listed by the venue': time(submission.listed_at),
    'Not listed by the venue': time(submission.not_listed_at),
    'Look-ups without a result': submission.empty_lookups === 0 ? null : submission.empty_lookups,
    Accepted: time(submission.accepted_at),
    Finished: time(submission.finished_at),
  };
}

function Exchange({ attempt }: { readonly attempt: VenueAttempt }): ReactNode {
  const { request, response_status: status, response_body: body, cause } = attempt;
  return (
    <details>
      <summary>
        {status === null ? 'Request' : `Request, answer ${status}`}
        {cause !== null && (
          <>
            : <Foreign text={cause} />
          </>
        )}
      </summary>
      <p className="small muted">Request</p>
      <pre>
        <Foreign text={request} />
      </pre>
      {body !== null && (
        <>
          <p className="small muted">Answer {status}</p>
          <pre>
            <Foreign text={body} />
          </pre>
        </>
      )}
    </details>
  );
}
