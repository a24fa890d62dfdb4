import type { SimulatedPayment } from '@sluice/test-kit';
import { recipientOf, type Body } from '../../testkit/customer.js';
import { TestSystem } from '../../testkit/given-system.js';
import { operate } from '../../testkit/operate.js';
import { type Person, TestBrowser } from './browser.js';

/** A system with the console, a browser, and people with passkeys. */
export class GivenConsole {
  private readonly withPasskeys = new Map<string, Promise<Person>>();

  private constructor(
    readonly sluice: TestSystem,
    readonly browser: TestBrowser,
  ) {}

  static async start(chromium: string): Promise<GivenConsole> {
    const sluice = await TestSystem.startWith({ console: true, more: ['wallet'] });
    const { console_url: url = '' } = sluice.system.run;
    return new GivenConsole(sluice, await TestBrowser.open(chromium, url));
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.sluice.stop();
  }

  /** A person in a new browser. `userAgent`: the browser's name for itself. */
  person(name: string, userAgent?: string): Promise<Person> {
    return this.browser.person(name, this.passwordOf(name), userAgent);
  }

  passwordOf(name: string): string {
    return this.sluice.system.issuer.people[name] ?? '';
  }

  /** A new person with the roles. */
  admitted(name: string, roles: readonly string[]): Promise<Person> {
    return this.browser.person(name, this.sluice.system.issuer.admit(name, roles));
  }

  /**
   * A person with a passkey, which `second` approves with the operator command. All suites share the
   * person's browser.
   */
  personWithPasskey(name: string, second: string): Promise<Person> {
    const known = this.withPasskeys.get(name);
    if (known !== undefined) return known;
    const registered = this.registered(name, second);
    this.withPasskeys.set(name, registered);
    return registered;
  }

  /** Both people who decide in the suites: the first asks, the second approves. */
  async deciders(): Promise<readonly [olivia: Person, peter: Person]> {
    const olivia = await this.personWithPasskey('olivia', 'peter');
    return [olivia, await this.personWithPasskey('peter', 'demo')];
  }

  private async registered(name: string, second: string): Promise<Person> {
    const person = await this.person(name);
    await person.addAuthenticator();
    const page = await person.open('/passkeys');
    await page.getByRole('button', { name: 'Register a passkey' }).click();
    await page.getByText('Requested, not done').waitFor();
    const id = await this.awaited('ledger', 'add passkey');
    const { exitCode } = await operate(this.sluice, [
      'approve',
      id,
      '--service',
      'ledger',
      '--person',
      second,
    ]);
    expect(exitCode).toBe(0);
    return person;
  }

  /** Returns the id of the only request of an action that waits at a service. */
  async awaited(service: string, action: string): Promise<string> {
    const all = await this.sluice.admin.service(service).approvals();
    const waiting = all.filter((one) => one.state === 'awaited' && one.action === action);
    expect(waiting).toHaveLength(1);
    return waiting[0]?.id ?? '';
  }

  /** The second person opens the only request of an action, and approves it with a passkey. */
  async approve(person: Person, service: string, action: string): Promise<void> {
    const id = await this.awaited(service, action);
    const page = await person.open(`/decide/${service}/approval/${id}`);
    await page.getByRole('button', { name: 'Approve and carry out' }).click();
    expect(await person.confirm('Approve and carry out')).toMatch(/^Done/);
  }

  /** Payments of the first venue to the recipient, by the simulator's book. */
  async paymentsTo(body: Body): Promise<readonly SimulatedPayment[]> {
    const payments = await this.sluice.venue.payments();
    return payments.filter(({ destination }) => destination === recipientOf(body));
  }
}

/** The console of all suites of `console.e2e.spec.ts`, started by the first suite. */
export const sharedConsole = {
  started: undefined as Promise<GivenConsole> | undefined,
  start(chromium: string): Promise<GivenConsole> {
    return (this.started ??= GivenConsole.start(chromium));
  },
  async stop(): Promise<void> {
    await (await this.started)?.stop();
  },
};
