import type { Logger } from '@sluice/connector-runtime';
import { eventually, type ContractOrder, type SimulatedPayment, type SimulatorControl } from '@sluice/testing';
import type { TestConnector } from './start-connector.js';

/** The event types of an order, without their prefix and version. */
export function types(connector: TestConnector, { withdrawalId }: ContractOrder): string[] {
  return connector.events(withdrawalId).map(({ type }) => type.replace(/^venue\.|\.v1$/g, ''));
}

export function happens(connector: TestConnector, order: ContractOrder, type: string): Promise<void> {
  return eventually(() => expect(types(connector, order)).toContain(type), { withinMs: 15_000 });
}

export function reaches(connector: TestConnector, order: ContractOrder, state: string): Promise<void> {
  return eventually(async () => expect((await connector.submission(order.withdrawalId))?.state).toBe(state), { withinMs: 15_000 });
}

/** What the venue's book says was received in exactly this amount. */
export async function paymentsOf(simulator: SimulatorControl, { amount }: Pick<ContractOrder, 'amount'>): Promise<SimulatedPayment[]> {
  return (await simulator.payments()).filter((payment) => payment.net_amount === amount);
}

/** A log that a test can read. */
export function keptLog(): Logger & { readonly lines: { level: string; text: string; fields: object }[] } {
  const lines: { level: string; text: string; fields: object }[] = [];
  const at =
    (level: string) =>
    (fields: object, text: string): void =>
      void lines.push({ level, text, fields });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
