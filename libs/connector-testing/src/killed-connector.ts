import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ConnectorConfig, SendAuthority } from '@sluice/connector-engine';
import { connectorOf } from '@sluice/messages';
import { SimulatorControl } from '@sluice/test-kit';
import type { ConnectorKit } from './connector-kit.js';
import { TestConnector } from './test-connector.js';
import type { ContractOrder } from './venue-adapter-contract.js';

const APPS = join(import.meta.dirname, '..', '..', '..', 'apps');

/** Main function of `testing/killed-connector.ts`: submits an order and runs until killed. */
export async function killedConnectorMain<Config extends ConnectorConfig>(
  kit: ConnectorKit<Config>,
): Promise<void> {
  const { DATABASE_URL = '', SIMULATOR_URL = '', ORDER = '' } = process.env;
  const connector = await TestConnector.start(
    kit,
    DATABASE_URL,
    new SimulatorControl(SIMULATOR_URL),
  );
  await connector.submit([JSON.parse(ORDER) as ContractOrder]);
}

/** Starts the process and waits until killed. Results are in the database and the venue's book. */
export async function runUntilKilled(
  venue: string,
  {
    point,
    order,
    database,
    simulator,
  }: { point: string; order: ContractOrder; database: string; simulator: string },
): Promise<void> {
  const script = join(APPS, connectorOf(venue), 'dist', 'testing', 'killed-connector.js');
  if (!existsSync(script)) throw new Error(`build first: nx run ${connectorOf(venue)}:build`);
  const env = {
    ...process.env,
    FAULT_AT: point,
    DATABASE_URL: database,
    SIMULATOR_URL: simulator,
    ORDER: JSON.stringify(order),
  };
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

/** Request of an intent: its endpoint, an SQL expression for its JSON over the submission `s`, and its evidence. */
interface DeadRequest {
  readonly endpoint: string;
  readonly bodySql: string;
  readonly evidence: Readonly<Record<string, string>>;
}

/**
 * Stores what a process leaves that was killed after the commit of its intent
 * (connector.after-intent), or at any point before the outcome was stored (connector.at-answer,
 * connector.before-outcome). The gross is the amount and 1. Returns the body of the request.
 */
export async function givenIntentOfDeadProcess(
  connector: TestConnector,
  order: ContractOrder,
  { endpoint, bodySql, evidence }: DeadRequest,
): Promise<string> {
  const { database } = connector;
  const delaySending = (pause: string) =>
    database.query(`UPDATE rate_slot SET next_free_at = now() + $2::interval WHERE endpoint = $1`, [
      endpoint,
      pause,
    ]);
  await delaySending('1 hour');
  await connector.submit([order]);
  const [{ body } = { body: '' }] = await database.query<{ body: string }>(
    `SELECT (${bodySql})::text AS body FROM (SELECT *, amount + 1 AS gross_amount FROM submission) s WHERE withdrawal_id = $1`,
    [order.withdrawalId],
  );
  const attempt = { withdrawalId: order.withdrawalId, number: 1 };
  await database.query(DEAD_INTENT, [
    order.withdrawalId,
    body,
    connector.app.get(SendAuthority).sealRequest(attempt, body),
    evidence,
  ]);
  await delaySending('0');
  return body;
}

const DEAD_INTENT = `
  WITH s AS (
    UPDATE submission SET state = 'sending', gross = amount + 1, lease_owner = 'dead', lease_token = nextval('lease_token'),
           lease_until = clock_timestamp() - interval '1 second', submitted_at = clock_timestamp(), venue_time = clock_timestamp(), last_venue_time = clock_timestamp(), next_action_at = clock_timestamp()
     WHERE withdrawal_id = $1 AND state = 'prepared' RETURNING *),
  counter AS (UPDATE attempt_counter SET last = last + 1 RETURNING last)
  INSERT INTO attempt (withdrawal_id, number, state, client_reference, request, request_seal, gross, evidence, lease_token, venue_time, serial_number)
  SELECT withdrawal_id, attempt, 'sending', client_reference, $2, $3, gross, $4, lease_token, venue_time, last FROM s CROSS JOIN counter`;
