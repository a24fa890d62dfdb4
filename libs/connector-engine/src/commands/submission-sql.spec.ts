import { SHOWN_SUBMISSION } from '@sluice/http-api';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { selectedByName, type Tx } from '@sluice/postgres';
import { CONNECTOR_RIGHTS } from '../postgres/rights.js';
import type { RatePlan } from '../rate/rate-plan.js';
import type { EventWriter } from '../wire/event-writer.js';
import { SubmitHandler } from './submit-handler.js';
import type { SubmitCommand } from './venue-command.js';

const COMMAND = {
  id: 'c-1',
  time: '2026-11-20T08:00:00.481Z',
  data: {
    withdrawalId: '0193a000-0000-7000-8000-000000000001',
    accountId: '0193a000-0000-7000-8000-00000000000a',
    asset: 'USDT.ETH',
    amount: '123456789012345678.000001',
    destination: { type: 'address', address: '0x1' },
    clientReference: 'r-1',
    notAfter: null,
    keyId: 'ck_1',
    digest: 'd',
    fee: '0.5',
    order: 'o',
    timedReceipt: 't',
  },
} as Partial<SubmitCommand> as SubmitCommand;

describe('the SQL of submissions', () => {
  it('stores the orders of a batch with one parameter', async () => {
    const sent: { sql: string; params: readonly unknown[] }[] = [];
    const query = <R>(sql: string, params: readonly unknown[] = []): Promise<R[]> => {
      sent.push({ sql, params });
      return Promise.resolve([]);
    };
    const handler = new SubmitHandler(
      { forms: [] } as Partial<VenueCapabilities> as VenueCapabilities,
      { sealUnsent: () => 'stored' } as Partial<EventWriter> as EventWriter,
      {} as RatePlan,
      { isThrough: true },
      { look: () => Promise.resolve() },
    );
    await handler.insert({ query } as Partial<Tx> as Tx, [COMMAND]);

    expect(sent).toHaveLength(1);
    expect(sent[0]?.sql).toMatchInlineSnapshot(`
      "
        WITH given AS (SELECT * FROM json_to_recordset($1::json) AS r (account_id uuid, form text, asset text, amount numeric, destination jsonb, equality_key text, payment_key text, client_reference text, traceparent text, correlation_id text, withdrawal_id uuid, key_id text, digest text, fee numeric, order_mac text, timed_receipt text, signer_receipt text, ordered_at timestamptz, not_after timestamptz, causation_id text, state text, reason text, unsent_seal text, commanded_at timestamptz, unread boolean)),
        s AS (
          INSERT INTO submission (account_id, form, asset, amount, destination, equality_key, payment_key, client_reference, traceparent, correlation_id, withdrawal_id, key_id, digest, fee, order_mac, timed_receipt, signer_receipt, ordered_at, not_after, causation_id, state, reason, unsent_seal, lookup_first, unconfirmed, next_action_at, finished_at)
          SELECT account_id, form, asset, amount, destination, equality_key, payment_key, client_reference, traceparent, correlation_id, withdrawal_id, key_id, digest, fee, order_mac, timed_receipt, signer_receipt, ordered_at, not_after, causation_id, state, reason, unsent_seal,
                 state = 'prepared' AND (unread OR coalesce(ordered_at, commanded_at) < clock_timestamp() - interval '1 minute' OR coalesce(coalesce(ordered_at, commanded_at) < h.went_back_at + interval '10 seconds', false) OR 
        (EXISTS (SELECT FROM unclaimed_record any_open WHERE any_open.closed_at IS NULL)
         AND (EXISTS (SELECT FROM unclaimed_record u WHERE u.client_reference = s.client_reference AND u.closed_at IS NULL AND NOT EXISTS (SELECT FROM submission c WHERE c.venue_reference = u.venue_reference))
              OR EXISTS (SELECT FROM unclaimed_record u WHERE (
        (u.equality_keys @> ARRAY[coalesce(s.payment_key, s.equality_key)] AND NOT (coalesce(u.client_reference, '') ~ '^c[0-9A-Za-z]{22,31}$' AND s.client_reference ~ '^c[0-9A-Za-z]{22,31}$')) OR 
        (u.equality_keys @> ARRAY[split_part(s.equality_key, ' ', 1) || ' ' || split_part(s.equality_key, ' ', 2) || ' ?' || s.form]
         AND u.seen_at > clock_timestamp() - interval '7 days') OR 
        ((u.equality_keys && ARRAY['?' || ' ' || split_part(coalesce(s.payment_key, s.equality_key), ' ', 2) || ' ' || split_part(coalesce(s.payment_key, s.equality_key), ' ', 3), split_part(coalesce(s.payment_key, s.equality_key), ' ', 1) || ' ' || '?' || ' ' || split_part(coalesce(s.payment_key, s.equality_key), ' ', 3), '?' || ' ' || '?' || ' ' || split_part(coalesce(s.payment_key, s.equality_key), ' ', 3), '?' || ' ' || split_part(coalesce(s.payment_key, s.equality_key), ' ', 2) || ' ' || '?' || s.form, split_part(coalesce(s.payment_key, s.equality_key), ' ', 1) || ' ' || '?' || ' ' || '?' || s.form, '?' || ' ' || '?' || ' ' || '?' || s.form]) AND coalesce(s.ordered_at <= u.seen_at + interval '10 seconds', true) AND u.seen_at > clock_timestamp() - interval '7 days')) AND u.closed_at IS NULL AND NOT EXISTS (SELECT FROM submission c WHERE c.venue_reference = u.venue_reference))))),
                 state = 'prepared' AND (commanded_at < clock_timestamp() - interval '10 minutes' OR coalesce(coalesce(ordered_at, commanded_at) < h.went_back_at + interval '10 seconds', false)),
                 CASE state WHEN 'prepared' THEN CASE WHEN coalesce(coalesce(ordered_at, commanded_at) < h.went_back_at + interval '10 seconds', false) THEN greatest(now(), h.look_up_from) ELSE now() END END, CASE state WHEN 'refused' THEN now() END
            FROM given s LEFT JOIN heartbeat h ON true
          ON CONFLICT DO NOTHING
          RETURNING *)
        SELECT s.withdrawal_id, s.digest, s.traceparent, s.correlation_id, s.causation_id, s.form, s.asset, s.state, coalesce(uuid_extract_version(s.withdrawal_id) = 7 AND s.withdrawal_id < (SELECT partition_bound('uuid', cutoff AT TIME ZONE 'UTC') FROM retention)::uuid, false) AS forgotten, 
        CASE WHEN s.state = 'prepared' AND s.lookup_first AND s.next_action_at > clock_timestamp() + interval '5 seconds' THEN s.next_action_at END AS looked_up_at FROM s ORDER BY s.seq"
    `);
    expect(sent[0]?.params).toHaveLength(1);
    expect(JSON.parse(sent[0]?.params[0] as string)).toMatchInlineSnapshot(`
      [
        {
          "account_id": "0193a000-0000-7000-8000-00000000000a",
          "amount": "123456789012345678.000001",
          "asset": "USDT.ETH",
          "causation_id": "c-1",
          "client_reference": "r-1",
          "commanded_at": "2026-11-20T08:00:00.481Z",
          "correlation_id": null,
          "destination": {
            "address": "0x1",
            "type": "address",
          },
          "digest": "d",
          "equality_key": null,
          "fee": "0.5",
          "form": "none",
          "key_id": "ck_1",
          "not_after": null,
          "order_mac": "o",
          "ordered_at": null,
          "payment_key": null,
          "reason": "not_supported",
          "signer_receipt": null,
          "state": "refused",
          "timed_receipt": "t",
          "traceparent": null,
          "unread": false,
          "unsent_seal": "stored",
          "withdrawal_id": "0193a000-0000-7000-8000-000000000001",
        },
      ]
    `);
  });

  it('shows submissions', () =>
    expect(selectedByName(SHOWN_SUBMISSION)).toMatchInlineSnapshot(
      `"withdrawal_id, key_id, not_after, account_id, form, asset, amount::text, destination, client_reference, created_at, state, cancel_state, lookup_first, unconfirmed, next_action_at, submitted_at, accepted_at, finished_at, venue_time, last_venue_time, listed_at, not_listed_at, attempt, resends, gross::text, venue_reference, tx_hash, venue_fee::text, received::text, reason, empty_lookups, unknown_published, returned_amount::text, returned_seen_at"`,
    ));

  it('lets the service change these columns alone', () =>
    expect(CONNECTOR_RIGHTS.tables['submission']).toMatchInlineSnapshot(
      `"SELECT, INSERT, UPDATE (state, cancel_state, cancel_reason, lookup_first, unconfirmed, unsent_seal, lease_owner, lease_token, lease_until, next_action_at, postponed_for, submitted_at, given_up_at, accepted_at, finished_at, venue_time, last_venue_time, listed_at, not_listed_at, attempt, resends, gross, venue_reference, tx_hash, block_number, confirmations, venue_fee, received, reason, refusal, cancel_seen_at, empty_lookups, covering_lookups, possible_records, unknown_published, returned_amount, returned_seen_at, nothing_moved, fast_released_eur, begun, attempt_reference, request, request_seal, attempt_gross, evidence, attempt_token, intended_at, attempt_venue_time, serial_number, halt_seen, put_back_at, attempt_state, answered_at, response_status, response_body, cause, nothing_moved_seal, withdrawal_id, key_id, digest, fee, order_mac, timed_receipt, signer_receipt, ordered_at, not_after, causation_id)"`,
    ));
});
