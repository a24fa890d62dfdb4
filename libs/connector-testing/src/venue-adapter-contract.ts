import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUIDv7 } from 'node:crypto';
import { eventually, type SimulatedPayment, type SimulatorControl } from '@sluice/test-kit';
import { QUICK_STATUS_MS } from './connector-kit.js';
import { describeRecords, type ContractRecord } from './contract-records.js';

export interface ContractOrder {
  readonly withdrawalId: string;
  readonly asset: string;
  readonly amount: string;
  readonly destination: object;
}

export interface ContractForm {
  readonly name: string;
  /** True if the venue's records can be searched by our key. */
  readonly searchable: boolean;
  /** True if the venue returns the first result for a repeated key. */
  readonly replays?: boolean;
  readonly submitEndpoint: string;
  readonly listEndpoint: string;
  /** Returns an order payable by the venue, distinguished by `amount`. */
  order(amount: string): Omit<ContractOrder, 'withdrawalId' | 'amount'>;
  /** Returns an order certainly refused by the venue. */
  refusedOrder(): Omit<ContractOrder, 'withdrawalId'>;
  /** A final refusal of a submit; undefined if the venue never refuses a sent request. */
  readonly refusal?: { readonly http_status: number; readonly body: string };
  /** A refusal that proves no absence; undefined if the venue has none. */
  readonly ambiguousRefusal?: { readonly http_status: number; readonly body: string };
  /** A refusal with an unlisted code; undefined if the venue is no HTTP API. */
  readonly unlistedRefusal?: { readonly http_status: number; readonly body: string };
  /** Rate-limit response; undefined if the response proves no fact about the sent request. */
  readonly tooFast?: { readonly http_status: number; readonly body: string };
  /** A refusal of our key or account; undefined if the venue is no HTTP API. */
  readonly keyRefusal?: { readonly http_status: number; readonly body: string };
  /** Cancel of an accepted payment; undefined if the form has none. */
  readonly cancel?: ContractCancel;
  /** The venue's rows of this form; undefined if the records are our own, as of our wallet. */
  readonly record?: ContractRecord;
  /** Returns amounts payable by this form, as text, all different. */
  amount(n: number): string;
}

interface ContractCancel {
  readonly endpoint: string;
  /** Simulator's `status_ms` while the venue cancels, and while it is too late. */
  readonly inTime: object;
  readonly tooLate: object;
  /** The venue's final status of a cancelled payment. */
  readonly status: string;
  /** Faults after which the repeated cancel still ends as cancelled. */
  readonly lostAnswers: readonly string[];
  /** A refused repeat is compared with the record, and never published as refused. */
  readonly readsRecord?: true;
}

export interface ContractSubmission {
  readonly state: string;
  readonly empty_lookups: number;
  readonly attempts: readonly { readonly state: string }[];
  readonly cases: readonly { readonly kind: string }[];
}

/** Running connector with a separate database, in front of the simulator. */
export interface ConnectorUnderTest {
  submit(orders: readonly ContractOrder[]): Promise<void>;
  cancel(withdrawalId: string): Promise<void>;
  /** Ends the pause before the next step of an order, such as the minute after a refused key. */
  endPause(withdrawalId: string): Promise<void>;
  events(withdrawalId: string): readonly { readonly type: string; readonly data: object }[];
  submission(withdrawalId: string): Promise<ContractSubmission | null>;
  decide(
    withdrawalId: string,
    decision: {
      decision: 'paid' | 'absent' | 'returned';
      evidence: string;
      venueReference: string | null;
    },
  ): Promise<void>;
  violations(): Promise<readonly object[]>;
  /** Returns the open breaks and lifts their halts, to let later orders proceed. */
  takeBreaks(): Promise<readonly { readonly kind: string; readonly subject: string }[]>;
  stop(): Promise<void>;
}

export interface VenueUnderTest {
  readonly forms: readonly ContractForm[];
  /** Currency with a reported balance, and its default; undefined if the venue keeps no account. */
  readonly balance?: { readonly currency: string; readonly most: string };
  /** Orders of an asset or to a destination that the venue does not pay. */
  readonly notPaid?: readonly Omit<ContractOrder, 'withdrawalId'>[];
  simulator(): SimulatorControl;
  /** Short times: a submit gives up before a hang ends, and absence is proven within a second or two. */
  start(): Promise<ConnectorUnderTest>;
  /** Time longer than a wrong proof of absence and resend by the connector would take. */
  readonly resendWouldShowWithinMs: number;
}

const PATIENCE = { withinMs: 15_000 };
const ABSENT = {
  decision: 'absent',
  evidence: 'no such transfer in the account of the venue',
  venueReference: null,
} as const;
/** Shorter than `QUICK_CONNECTOR` waits after a refusal, in the proportion of 12 s to the bound of a venue. */
const LISTING_LAGS_MS = 400;
/** Between the shortest pause after a response (1 s) and a deciding lookup (1.2 s in tests). */
const LISTED_AFTER_A_RETRY_MS = 1_100;

const PAGE = { body: '<html>Forbidden</html>', content_type: 'text/html' } as const;
/** The venue accepted the payment and the response was lost, or another party answered instead. */
const ACCEPTED_WITHOUT_ANSWER: readonly Fault[] = [
  { fault: 'accept_then_hang' },
  { fault: 'accept_then_cut' },
  { fault: 'accept_then_5xx' },
];
const ACCEPTED_WITH_FOREIGN_ANSWER: readonly Fault[] = [
  { fault: 'accept_then_answer', http_status: 403, ...PAGE },
  { fault: 'accept_then_answer', http_status: 503, body: '{"message":"no upstream"}' },
];
/** The venue did not accept the payment, but the response does not prove this. */
const REFUSED_WITHOUT_PROOF: readonly Fault[] = [
  { fault: 'hang_then_refuse' },
  { fault: 'refuse_with_5xx' },
];
/** A gateway has passed the request on, or may have: such a page is a lost answer. */
const PAGES: readonly Fault[] = [
  { fault: 'html_body', http_status: 502 },
  { fault: 'html_body', http_status: 200 },
];
/** Another party refused for the venue, such as a CDN or a gateway under maintenance. */
const FOREIGN: readonly Fault[] = [
  { fault: 'html_body', http_status: 503 },
  { fault: 'html_body', http_status: 403, encoding: 'gzip' },
  { fault: 'refuse_with', http_status: 404, body: '{"message":"no route"}' },
];
const caseOf = (fault: Fault) => [`${fault.fault} ${fault.http_status ?? ''}`, fault] as const;
/** Answers of the venue that only look different. */
const OTHER_FORMS: readonly Fault[] = [
  { fault: 'in_other_form', content_type: 'text/plain', encoding: 'gzip' },
  { fault: 'in_other_form', content_type: 'text/json', encoding: 'br' },
];
const LISTING: readonly Fault[] = [
  { fault: 'slow_listing' },
  { fault: 'status_goes_back' },
  { fault: 'refuse_with_5xx' },
  { fault: 'html_body', http_status: 502 },
  { fault: 'too_many_requests' },
];

interface Fault {
  readonly fault: string;
  readonly http_status?: number;
  readonly body?: string;
  readonly content_type?: string;
  readonly encoding?: string;
  readonly retry_after?: string;
  readonly times?: number;
}

/** Test suite for every connector, under all faults: pay exactly once, or provably not at all. */
export function describeVenueAdapter(name: string, venue: VenueUnderTest): void {
  describe(`${name} keeps the contract of a venue`, () => {
    let connector: ConnectorUnderTest;
    let started = false;
    let n = 0;

    beforeAll(async () => {
      connector = await venue.start();
      started = true;
    });
    beforeEach(() => venue.simulator().clearFaults());
    afterEach(async () => {
      if (!started) return;
      expect(await connector.violations()).toEqual([]);
      expect(await connector.takeBreaks()).toEqual([]);
    });
    afterAll(async () => void (started && (await connector.stop())));

    const { balance, notPaid } = venue;
    if (notPaid)
      it.each(
        notPaid.map((terms) => [terms.asset, JSON.stringify(terms.destination), terms] as const),
      )(
        'an order of %s to %s, which the venue does not pay, is refused before any call',
        async (_asset, _destination, terms) => {
          const order = { ...terms, withdrawalId: randomUUIDv7() };

          await connector.submit([order]);

          await eventually(() =>
            expect(connector.events(order.withdrawalId)).toMatchObject([
              { type: 'venue.submission-refused.v1', data: { reason: 'not_supported' } },
            ]),
          );
          expect((await connector.submission(order.withdrawalId))?.attempts).toEqual([]);
        },
      );

    if (balance)
      it('a balance that falls by more than the sent amounts is a break, and a rising balance is not', async () => {
        const setTo = (amount: string) =>
          venue.simulator().settings({ balances: { [balance.currency]: amount } });
        let pauseMs = 500;
        await eventually(async () => {
          pauseMs *= 2; // each balance has to be read once, and the machine may be busy
          await setTo(`1${balance.most}`);
          await sleep(pauseMs);
          expect(await connector.takeBreaks()).toEqual([]);
          await setTo(balance.most);
          await sleep(pauseMs);
          expect(await connector.takeBreaks()).toEqual([
            expect.objectContaining({
              kind: 'balance_apart',
              subject: expect.stringMatching(`^${balance.currency} `) as string,
            }),
          ]);
        }, PATIENCE);
      });

    describe.each(venue.forms.map((form) => [form.name, form] as const))('%s', (_name, form) => {
      const given = async (): Promise<ContractOrder> => {
        const amount = form.amount(++n);
        return { ...form.order(amount), amount, withdrawalId: randomUUIDv7() };
      };
      const paymentsOf = async (order: ContractOrder): Promise<SimulatedPayment[]> =>
        (await venue.simulator().payments()).filter(
          (payment) => payment.net_amount === order.amount,
        );
      const arm = ({ fault, ...more }: Fault, endpoint = form.submitEndpoint): Promise<void> =>
        venue.simulator().arm(endpoint, fault, more);
      const stateOf = async ({ withdrawalId }: ContractOrder): Promise<string | undefined> =>
        (await connector.submission(withdrawalId))?.state;
      const attemptsOf = async ({ withdrawalId }: ContractOrder): Promise<readonly string[]> =>
        (await connector.submission(withdrawalId))?.attempts.map(({ state }) => state) ?? [];
      const casesOf = async ({ withdrawalId }: ContractOrder): Promise<readonly string[]> =>
        (await connector.submission(withdrawalId))?.cases.map(({ kind }) => kind) ?? [];
      const eventTypes = (order: ContractOrder): string[] =>
        connector.events(order.withdrawalId).map(({ type }) => type.replace(/^venue\.|\.v1$/g, ''));
      const ended = (order: ContractOrder, type: string): Promise<void> =>
        eventually(() => expect(eventTypes(order)).toContain(type), PATIENCE);
      const reaches = (order: ContractOrder, state: string): Promise<void> =>
        eventually(
          async () =>
            expect([await stateOf(order), await attemptsOf(order)]).toEqual([
              state,
              expect.anything(),
            ]),
          PATIENCE,
        );

      const expectPaidOnce = async (order: ContractOrder): Promise<void> => {
        await ended(order, 'withdrawal-settled');
        expect(await paymentsOf(order)).toHaveLength(1);
        const outcomes = eventTypes(order).filter((type) =>
          /accepted|refused|settled|failed/.test(type),
        );
        expect(outcomes).toEqual(['submission-accepted', 'withdrawal-settled']);
      };

      /** Sends a new order to a venue with a fault. */
      const sent = async (fault?: Fault, endpoint?: string): Promise<ContractOrder> => {
        const order = await given();
        if (fault) await arm(fault, endpoint);
        await connector.submit([order]);
        return order;
      };
      /** Sends an order to a venue that lists the payment late; the order must be paid once. */
      const listedLate = async (delayMs: number, fault: Fault): Promise<ContractOrder> => {
        await venue.simulator().settings({ listing_delay_ms: delayMs });
        const order = await sent(fault);
        await expectPaidOnce(order).finally(() =>
          venue.simulator().settings({ listing_delay_ms: 0 }),
        );
        return order;
      };
      const expectBothPaid = async (): Promise<void> => {
        const first = await given();
        const second = { ...first, withdrawalId: randomUUIDv7() };
        await connector.submit([first, second]);
        for (const order of [first, second]) await ended(order, 'withdrawal-settled');
        expect(await paymentsOf(first)).toHaveLength(2);
      };

      const { record, refusal: refused, searchable, replays = false } = form;
      if (record)
        describeRecords({
          record,
          replays,
          searchable,
          resendWouldShowWithinMs: venue.resendWouldShowWithinMs,
          simulator: () => venue.simulator(),
          connector: () => connector,
          given,
          loseAnswer: () => arm({ fault: 'accept_then_cut' }),
          refuseFalsely: refused && (() => arm({ fault: 'accept_then_answer', ...refused })),
          ended,
          expectPaidOnce,
          payments: paymentsOf,
        });

      it('pays the recipient exactly the requested amount, once', async () => {
        const order = await given();

        await connector.submit([order]);
        await connector.submit([order]);

        await expectPaidOnce(order);
      });

      it('a definite refusal releases: one refusal, no payment', async () => {
        const order = { ...form.refusedOrder(), withdrawalId: randomUUIDv7() };

        await connector.submit([order]);

        await ended(order, 'submission-refused');
        expect(await paymentsOf(order)).toEqual([]);
        expect(eventTypes(order)).toEqual(['submission-refused']);
      });

      const { refusal, ambiguousRefusal, unlistedRefusal, tooFast, keyRefusal, cancel } = form;
      if (refusal)
        it('a venue that refuses and pays: the payment is found before the refusal counts, nothing is released, and a case is opened', async () => {
          const order = await sent({ fault: 'accept_then_answer', ...refusal });

          await expectPaidOnce(order);
          expect(await casesOf(order)).toEqual(['paid_though_refused']);
        });

      const refusals = [
        ['by validation', refusal],
        ['ambiguously', ambiguousRefusal],
        ['with an unlisted code', unlistedRefusal],
      ] as const;
      for (const [how, answer] of refusals)
        if (answer)
          it(`a venue that refuses ${how}, pays, and lists the payment late: the payment is found, and nothing is released`, async () => {
            const order = await listedLate(LISTING_LAGS_MS, {
              fault: 'accept_then_answer',
              ...answer,
            });

            expect(await casesOf(order)).toEqual(['paid_though_refused']);
          });

      for (const answer of [ambiguousRefusal, unlistedRefusal])
        if (answer)
          it(`an ambiguous refusal without a payment ends by look-ups, without a person: ${answer.body}`, async () => {
            const order = await sent({ fault: 'refuse_with', ...answer });

            await ended(order, 'submission-refused');
            expect(eventTypes(order)).toEqual(['submission-refused']);
            expect(await paymentsOf(order)).toEqual([]);
            expect(await attemptsOf(order)).toHaveLength(1);
            expect(await casesOf(order)).toEqual([]);
          });

      if (keyRefusal)
        it('a refusal of our key stops the queue instead of refusing orders, which are paid later', async () => {
          const orders = [await given(), await given()];
          await arm({ fault: 'refuse_with', ...keyRefusal, times: orders.length });

          await connector.submit(orders);

          for (const order of orders) {
            await eventually(
              async () =>
                expect(await connector.submission(order.withdrawalId)).toMatchObject({
                  state: 'prepared',
                  attempts: [{ state: 'not_sent' }],
                }),
              PATIENCE,
            );
            expect(eventTypes(order)).not.toContain('submission-refused');
            expect(await paymentsOf(order)).toEqual([]);
          }
          // Orders that still wait would take the fault that a later test arms.
          for (const order of orders) await connector.endPause(order.withdrawalId);
          for (const order of orders) await expectPaidOnce(order);
        });

      // The HTTP layer is the same for every form of a venue.
      const isFirst = form === venue.forms[0];
      const isHttp = unlistedRefusal !== undefined && isFirst;
      const acceptedUnheard = isHttp
        ? [...ACCEPTED_WITHOUT_ANSWER, ...ACCEPTED_WITH_FOREIGN_ANSWER]
        : ACCEPTED_WITHOUT_ANSWER;
      const refusedCases = [...REFUSED_WITHOUT_PROOF, ...(isFirst ? PAGES : [])].map(caseOf);
      it.each(acceptedUnheard.map(caseOf))(
        '%s: the payment is found and settled, not sent twice',
        async (_fault, fault) => {
          const order = await sent(fault);

          await ended(order, 'submission-unknown');
          await expectPaidOnce(order);
        },
      );

      if (tooFast) {
        it('too_many_requests: nothing was sent, so the order is sent again automatically', async () => {
          const order = await sent({ fault: 'too_many_requests' });

          await expectPaidOnce(order);
          expect(eventTypes(order)).not.toContain('submission-unknown');
        });

        it('a venue that responds with a rate limit and pays: the payment is found before the order is sent again', async () => {
          const order = await sent({ fault: 'accept_then_answer', ...tooFast });

          await expectPaidOnce(order);
          expect(await attemptsOf(order)).toEqual(['not_sent']);
        });

        it('a venue that responds with a rate limit, pays, and lists the payment late: the order is paid once', async () => {
          await listedLate(LISTED_AFTER_A_RETRY_MS, { fault: 'accept_then_answer', ...tooFast });
        });
      }

      it('status_goes_back: a payment that has settled stays settled', async () => {
        const order = await sent({ fault: 'status_goes_back' });
        await expectPaidOnce(order);
        await sleep(500);

        await expectPaidOnce(order);
        expect(await stateOf(order)).toBe('settled');
      });

      // Our own wallet has no third party that could send money back.
      if (record)
        it('a settled payment that two people found returned is reported once, with its whole amount, and never sent again', async () => {
          const order = await sent();
          await expectPaidOnce(order);
          const returned = {
            decision: 'returned',
            evidence: 'statement 7',
            venueReference: null,
          } as const;

          await connector.decide(order.withdrawalId, returned);
          await connector.submit([order]);
          await sleep(500);

          const reports = connector
            .events(order.withdrawalId)
            .filter(({ type }) => type === 'venue.withdrawal-returned.v1');
          expect(reports).toMatchObject([{ data: { amount: order.amount } }]);
          expect(await paymentsOf(order)).toHaveLength(1);
          expect(await stateOf(order)).toBe('returned');
        });

      it.each(LISTING.map((fault) => [fault.fault, fault] as const))(
        '%s of the listing delays the final event and changes nothing',
        async (_fault, fault) => {
          const order = await sent(fault, form.listEndpoint);

          await expectPaidOnce(order);
        },
      );

      it('an acceptance with a lost response is found even if the listing fails as well', async () => {
        const order = await given();
        await arm({ fault: 'accept_then_cut' });
        await arm({ fault: 'refuse_with_5xx' }, form.listEndpoint);
        await arm({ fault: 'html_body' }, form.listEndpoint);

        await connector.submit([order]);

        await expectPaidOnce(order);
      });

      if (isHttp) {
        it.each(FOREIGN.map(caseOf))(
          '%s of another party refuses no order and asks no person: the order is paid once',
          async (_fault, fault) => {
            const order = await sent(fault);

            await ended(order, 'submission-unknown');
            await expectPaidOnce(order);
            expect(await casesOf(order)).toEqual([]);
          },
        );

        it('a rate limit in front of the venue has sent nothing: the order is looked up, then paid once', async () => {
          const order = await sent({ fault: 'html_body', http_status: 429, retry_after: '1' });

          await expectPaidOnce(order);
          expect(eventTypes(order)).not.toContain('submission-unknown');
        });

        it.each(OTHER_FORMS.map((fault) => [fault.content_type, fault] as const))(
          'an answer as %s, compressed unasked, is an answer of the venue',
          async (_type, fault) => {
            const order = await given();
            await arm(fault);
            await arm(fault, form.listEndpoint);

            await connector.submit([order]);

            await expectPaidOnce(order);
            expect(eventTypes(order)).not.toContain('submission-unknown');
          },
        );
      }

      if (form.replays) {
        it.each(refusedCases)(
          '%s: the same attempt is sent once more under the same key, and paid once',
          async (_fault, fault) => {
            const order = await sent(fault);

            await ended(order, 'submission-unknown');
            await expectPaidOnce(order);
            expect(await attemptsOf(order)).toEqual(['accepted']);
            expect(eventTypes(order).filter((type) => type === 'submission-unknown')).toHaveLength(
              1,
            );
          },
        );

        it('two equal payments are both paid: each has its own key', async () => {
          await expectBothPaid();
        });
      } else if (form.searchable) {
        it.each(refusedCases)(
          '%s: absence is proven by look-ups, then the order is sent again under the same reference',
          async (_fault, fault) => {
            const order = await sent(fault);

            await ended(order, 'submission-unknown');
            await expectPaidOnce(order);
            expect(await attemptsOf(order)).toEqual(['absent', 'accepted']);
          },
        );
      } else {
        it.each(refusedCases)(
          '%s: the order is never sent again automatically; a person decides',
          async (_fault, fault) => {
            const order = await sent(fault);
            await reaches(order, 'undecided');
            await sleep(venue.resendWouldShowWithinMs);

            expect(await paymentsOf(order)).toEqual([]);
            expect(eventTypes(order)).toEqual(['submission-unknown', 'submission-unknown']);
            await connector.decide(order.withdrawalId, ABSENT);
            expect(eventTypes(order).at(-1)).toBe('submission-refused');
            expect(await paymentsOf(order)).toEqual([]);
          },
        );

        it('an equal payment waits while a payment is undecided, and is sent after the decision', async () => {
          const first = await given();
          const second = { ...first, withdrawalId: randomUUIDv7() };
          await arm({ fault: 'refuse_with_5xx' });

          await connector.submit([first, second]);
          await reaches(first, 'undecided');
          expect(await stateOf(second)).toBe('prepared');
          await connector.decide(first.withdrawalId, ABSENT);

          await expectPaidOnce(second);
        });

        it('two equal payments are both paid, one after the other', async () => {
          await expectBothPaid();
        });
      }

      // Last, because a listing that goes back would contradict a cancelled payment, too.
      if (cancel) {
        const accepted = async (statusMs: object): Promise<ContractOrder> => {
          await venue.simulator().settings({ status_ms: statusMs });
          const order = await given();
          await connector.submit([order]);
          await ended(order, 'submission-accepted');
          return order;
        };
        const expectCancelled = async (order: ContractOrder): Promise<void> => {
          await connector.cancel(order.withdrawalId);
          await ended(order, 'withdrawal-failed');
          expect(connector.events(order.withdrawalId).at(-1)?.data).toMatchObject({
            cancelled: true,
          });
          expect(await paymentsOf(order)).toMatchObject([{ status: cancel.status }]);
        };
        afterEach(() => venue.simulator().settings({ status_ms: QUICK_STATUS_MS }));

        it('a cancel is carried out: only the final status fails the payment', async () => {
          const order = await accepted(cancel.inTime);

          await expectCancelled(order);

          expect(eventTypes(order)).not.toContain('cancel-refused');
        });

        for (const fault of cancel.lostAnswers)
          it(`a cancel with its answer lost (${fault}) is carried out all the same`, async () => {
            const order = await accepted(cancel.inTime);
            await arm({ fault }, cancel.endpoint);

            await expectCancelled(order);

            if (cancel.readsRecord) expect(eventTypes(order)).not.toContain('cancel-refused');
          });

        it('a cancel that comes too late is refused once, and the payment goes on', async () => {
          const order = await accepted(cancel.tooLate);

          await connector.cancel(order.withdrawalId);

          await ended(order, 'withdrawal-settled');
          expect(eventTypes(order).filter((type) => type === 'cancel-refused')).toHaveLength(1);
        });
      }
    });
  });
}
