import { SimulatorControl } from '@sluice/test-kit';
import { rowsOf, textOf, type Fields } from './json.js';

/** Row of a simulator's book: an accepted payment, independent of the response. */
export interface Payment {
  readonly id: string;
  /** Reference of the payment at our connector, if the book has another id (default: `id`). */
  readonly venueReference?: string;
  readonly clientId: string | null;
  readonly currency: string;
  /** Network of the payment, if the book is a chain. */
  readonly network?: string;
  readonly destination: string;
  readonly memo: string | null;
  readonly netAmount: string;
  readonly status: string;
  readonly createdAt: string;
}

/** Book of a simulated venue, with the control API of faults and settings. */
export class SimulatorBook {
  private readonly control: SimulatorControl;

  constructor(url: string) {
    this.control = new SimulatorControl(url);
  }

  async payments(): Promise<readonly Payment[]> {
    return rowsOf(await this.control.payments()).map(paymentOf);
  }

  arm(endpoint: string, fault: string, times: number): Promise<void> {
    return this.control.arm(endpoint, fault, { times });
  }

  clearFaults(): Promise<void> {
    return this.control.clearFaults();
  }

  settings(patch: object): Promise<void> {
    return this.control.settings(patch);
  }

  credentials(): Promise<Fields> {
    return this.control.credentials();
  }
}

function paymentOf(row: Fields): Payment {
  const orNull = (value: unknown): string | null =>
    value === null || value === undefined ? null : textOf(value);
  return {
    id: textOf(row['id']),
    clientId: orNull(row['client_id']),
    currency: textOf(row['currency']),
    destination: textOf(row['destination']),
    memo: orNull(row['memo']),
    netAmount: textOf(row['net_amount']),
    status: textOf(row['status']),
    createdAt: textOf(row['created_at']),
  };
}
