import type { SimulatorControl } from '@sluice/test-kit';

interface VenueKey {
  readonly name: string;
  readonly api_key: string;
  readonly api_secret: string;
}

export interface PaidOutside {
  readonly address: string;
  /** Amount for the recipient. */
  readonly net: string;
  readonly clientReference?: string | undefined;
}

/** A simulated venue, with the auditor's variables, and a payment as the connector or a thief makes it. */
export interface VenueUnderAudit {
  readonly venue: string;
  environment(url: string, key: VenueKey): Readonly<Record<string, string>>;
  /** Returns whether the venue took the payment. */
  pay(simulator: SimulatorControl, paid: PaidOutside, key: VenueKey): Promise<boolean>;
}

/** The key of this name at a simulated venue. */
export async function keyOf(simulator: SimulatorControl, name: string): Promise<VenueKey> {
  const credentials = await simulator.credentials();
  const keys = [credentials, credentials['other_keys']].flat() as readonly VenueKey[];
  const key = keys.find((one) => one.name === name);
  if (!key) throw new Error(`the simulator has no key ${name}`);
  return key;
}
