import type { Logger } from '@sluice/connector-engine';
import { eventually } from '@sluice/test-kit';
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

/** A log that a test can read. */
export function keptLog(): Logger & {
  readonly lines: { level: string; text: string; fields: object }[];
} {
  const lines: { level: string; text: string; fields: object }[] = [];
  const at =
    (level: string) =>
    (fields: object, text: string): void =>
      void lines.push({ level, text, fields });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
