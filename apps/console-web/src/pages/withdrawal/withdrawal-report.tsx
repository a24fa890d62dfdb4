import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { WithdrawalDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { CallError } from '../../api/call-error.js';
import { everyOf, readOf } from '../../api/queries.js';
import { anyService, connector, connectorOf, ledger } from '../../api/services.js';
import { Address } from '../../components/address.js';
import { Amount } from '../../components/amount.js';
import { CopyButton } from '../../components/copy-button.js';
import { Facts } from '../../components/facts.js';
import { Foreign } from '../../components/foreign.js';
import { Missing } from '../../components/missing.js';
import { Panel } from '../../components/panel.js';
import { StateBadge } from '../../components/state-badge.js';
import { Time } from '../../components/time.js';
import { useSession } from '../../session/session-provider.js';
import { useServerTime } from '../../time/use-server-time.js';
import { MOST_ENTRIES, usableAddresses } from '../decide/evidence/usable-addresses.js';
import { cutKinds, entriesOf } from '../decide/inbox-groups.js';
import { Entries } from './entries.js';
import { Events } from './events.js';
import { PolicyDecision } from './policy-decision.js';
import { SubmissionPanels } from './submission-panels.js';
import { Timeline } from './timeline-list.js';
import { timelineOf } from './timeline.js';
import { traceLink } from './trace-link.js';
import { WaitPanel } from './wait-panel.js';
import { WebhookDeliveries } from './webhook-deliveries.js';

const RENEWED_MS = 30_000;

/** True for status 404: the service has no such thing, which is no fault. */
function isAbsent(error: unknown): boolean {
  return error instanceof CallError && error.status === 404;
}

export function WithdrawalReport({
  withdrawal,
}: {
  readonly withdrawal: WithdrawalDto;
}): ReactNode {
  const { id, venue, tried, history } = withdrawal;
  const isOrdered = history.some(({ to }) => to === 'submitting');
  const services = [...new Set(isOrdered ? [...tried, venue] : tried)].map(connectorOf);
  const submissions = useQueries({
    queries: services.map((service) => readOf(connector(service).submission(id))),
  }).map((query, at) => ({ service: services[at] ?? '', query }));
  const entries = useQuery(readOf(ledger.entriesOf(id)));
  const inboxes = useInboxes();
  const found = submissions.flatMap(({ service, query }) =>
    query.data === undefined || isAbsent(query.error) ? [] : [{ service, submission: query.data }],
  );
  const current = found.find(({ service }) => service === connectorOf(venue))?.submission;
  const faults = submissions.filter(({ query }) => query.error !== null && !isAbsent(query.error));
  return (
    <>
      <Summary withdrawal={withdrawal} />
      <WaitPanel
        withdrawal={withdrawal}
        awaited={current?.awaited ?? null}
        findings={{
          submissions: found,
          items: inboxes.items.filter((item) => item.withdrawal_id === id),
          unanswered: [...faults.map(({ service }) => service), ...inboxes.unanswered],
          isAsking:
            inboxes.isAsking ||
            submissions.some(({ query }) => query.data === undefined && query.error === null),
        }}
      />
      {faults.map(({ service, query }) => (
        <Missing key={service} what={`The submission at ${service}`} error={query.error} />
      ))}
      <div className="columns columns-wide">
        <Panel title="Timeline">
          <Timeline items={timelineOf(withdrawal, found, entries.data ?? [])} />
        </Panel>
        <FactsPanel withdrawal={withdrawal} />
      </div>
      {found.map(({ service, submission }) => (
        <SubmissionPanels key={service} service={service} submission={submission} />
      ))}
      <Entries query={entries} />
      <Events withdrawal={withdrawal} />
      <WebhookDeliveries withdrawal={withdrawal} />
      <PolicyDecision withdrawalId={id} />
    </>
  );
}

/** Everything that waits for people at the services. */
function useInboxes() {
  const { data, error } = useQuery(everyOf(anyService('').inboxItems()));
  const items = entriesOf(data ?? []);
  const silent = (data ?? []).filter(({ data: own }) => own === undefined);
  return {
    items,
    unanswered: [
      ...(error === null ? [] : ['the inboxes']),
      ...silent.map(({ service }) => service),
      ...cutKinds(items),
    ],
    isAsking: data === undefined && error === null,
  };
}

function Summary({ withdrawal }: { readonly withdrawal: WithdrawalDto }): ReactNode {
  const { amount, currency, network, fee, state, status, stage, destination, account_id } =
    withdrawal;
  const { address, ...others } = destination;
  const book = useQuery(readOf(ledger.addresses(account_id, { limit: MOST_ENTRIES })));
  const known = usableAddresses(book.data ?? [], useServerTime(RENEWED_MS) ?? 0);
  return (
    <Panel
      title="Payment"
      aside={
        <span>
          <StateBadge state={state} />{' '}
          <span className="muted small">
            customers see {status}, {stage}
          </span>
        </span>
      }
    >
      <p className="headline">
        <Amount value={amount} unit={`${currency}.${network}`} />{' '}
        <span className="muted small">
          and a fee of <Amount value={fee} unit={currency} />
        </span>
      </p>
      {address !== undefined && <Address label="To" address={address} known={known} />}
      {book.error !== null && book.data === undefined && (
        <p className="small muted">
          The known addresses could not be asked: a similar address would not be noticed here.
        </p>
      )}
      <Facts
        facts={Object.fromEntries(
          Object.entries(others).map(([name, value]) => [
            name,
            <Foreign key={name} text={String(value)} />,
          ]),
        )}
      />
    </Panel>
  );
}

function FactsPanel({ withdrawal }: { readonly withdrawal: WithdrawalDto }): ReactNode {
  const {
    id,
    number,
    account_id: account,
    client_reference: reference,
    venue,
    venue_reference: venueReference,
    tx_hash: hash,
    trace_id: trace,
    error_message: fault,
    tried,
  } = withdrawal;
  return (
    <Panel title="Facts">
      <Facts
        facts={{
          Number: number,
          Id: <Exact text={id} what="id" />,
          Account: (
            <Link to="/accounts/$id" params={{ id: account }}>
              {account}
            </Link>
          ),
          'Client reference': reference && <Foreign text={reference} />,
          Venue: (
            <Link to="/venues/$service" params={{ service: connectorOf(venue) }}>
              {venue}
            </Link>
          ),
          'Named by the request': withdrawal.pinned ? 'yes' : null,
          'Gave it back before': tried.join(', '),
          'Reference at the venue': venueReference && <Foreign text={venueReference} />,
          Transaction: hash && <Exact text={hash} what="transaction hash" />,
          Error: fault && <Foreign text={fault} />,
          Requested: <Time at={withdrawal.requested_at} isExact />,
          Expected: withdrawal.expected_at && <Time at={withdrawal.expected_at} />,
          Confirmed: withdrawal.confirmed_at && <Time at={withdrawal.confirmed_at} isExact />,
          'Cancel requested': withdrawal.cancel_requested_at && (
            <Time at={withdrawal.cancel_requested_at} />
          ),
          'Cancel requested by': withdrawal.cancel_requested_by,
          'Cancel refused': withdrawal.cancel_refusal && (
            <Foreign text={withdrawal.cancel_refusal} />
          ),
          'Came back': withdrawal.returned_amount && (
            <Amount value={withdrawal.returned_amount} unit={withdrawal.currency} />
          ),
          'Trace id': trace && <Trace id={trace} />,
        }}
      />
    </Panel>
  );
}

function Trace({ id }: { readonly id: string }): ReactNode {
  const link = traceLink(useSession().session.trace_url, id);
  return (
    <>
      <Exact text={id} what="trace id" />
      {link !== null && (
        <>
          {' '}
          <a href={link} target="_blank" rel="noopener noreferrer">
            Open the trace
          </a>
        </>
      )}
    </>
  );
}

function Exact({ text, what }: { readonly text: string; readonly what: string }): ReactNode {
  return (
    <span className="mono">
      <Foreign text={text} /> <CopyButton text={text} what={what} />
    </span>
  );
}
