import type { Logger } from '@sluice/service-shell';
import { eventually } from '@sluice/test-kit';
import { pino } from 'pino';
import type { ContractOrder } from './venue-adapter-contract.js';
import type { TestConnector } from './test-connector.js';

const PATIENCE = { withinMs: 15_000 };

/** The event types of an order, without their prefix and version. */
export function types(connector: TestConnector, { withdrawalId }: ContractOrder): string[] {
  return connector.events(withdrawalId).map(({ type }) => type.replace(/^venue\.|\.v1$/g, ''));
}

export async function stateOf(
  connector: TestConnector,
  { withdrawalId }: ContractOrder,
): Promise<string | undefined> {
  return (await connector.submission(withdrawalId))?.state;
}

export function happens(
  connector: TestConnector,
  order: ContractOrder,
  type: string,
): Promise<void> {
  return eventually(() => expect(types(connector, order)).toContain(type), PATIENCE);
}

export function reaches(
  connector: TestConnector,
  order: ContractOrder,
  state: string,
): Promise<void> {
  return eventually(async () => expect(await stateOf(connector, order)).toBe(state), PATIENCE);
}

interface LogLine {
  readonly level: string;
  readonly text: string;
  readonly fields: object;
}

/** Creates a logger with lines readable by the test. */
export function keptLog(): { readonly logger: Logger; readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const write = (line: string): void => {
    const { level, msg, ...fields } = JSON.parse(line) as { level: number; msg: string };
    lines.push({ level: pino.levels.labels[level] ?? '', text: msg, fields });
  };
  return { logger: pino({ level: 'debug' }, { write }), lines };
}
