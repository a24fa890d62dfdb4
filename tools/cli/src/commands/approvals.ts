import type { LedgerAdmin } from '@sluice/admin-client';
import type { PaymentApprovalDto, VoteOnPaymentDto } from '@sluice/http-api';
import { isObject } from '@sluice/kernel';
import { ANY_NAME, isUuid, withdrawalId } from '../calls/find-withdrawal.js';
import type { Services } from '../calls/services.js';
import { challengeOfCall, passkeyCallText, writePasskeyHeader } from '@sluice/signing';
import { CliError, usageError } from '../errors/errors.js';
import { command, type CommandContext, listing } from '../language/command.js';
import { defined } from '../language/usage.js';
import { askBrowser } from '../passkeys/ask-browser.js';
import {
  contentText,
  listedPayment,
  stateText,
  votesText,
  waitingPayment,
  type WaitingPayment,
} from '../payments/waiting-payment.js';
import { facts, table } from '../render/table.js';
import { cell, styleOf, time } from '../render/text.js';

const LEDGER = 'ledger';

const DIGEST = /^[0-9a-f]{64}$/;

const PLAIN = styleOf(false);

export const APPROVALS = [
  command('approvals list [--service S] [--all]', {
    help: 'lists requests and payments that wait for the approval of people',
    call: async ({ service, all }, services) => {
      const [requests, payments] = await Promise.all([
        services.ofEach(service, (admin) => admin.approvals()),
        paymentsOf(services, service, all),
      ]);
      const wanted = all ? requests : requests.filter(({ state }) => state === 'awaited');
      return [
        ...wanted.map((row) => ({ ...row, votes: null })),
        ...payments.map((payment) => ({ ...listedPayment(payment), target: null, request: null })),
      ];
    },
    text: (rows, style) =>
      table(
        'service, id:right, state, action, exactly, requested_by as asked for by, expires_at as until, votes, approved_by',
        rows.map((row) => ({
          ...row,
          action: row.target === null ? row.action : `${row.action} ${row.target}`,
          exactly: 'exactly' in row ? row.exactly : JSON.stringify(row.request),
        })),
        style,
        'nothing is awaited',
      ),
  }),
  command('approvals show ID [--service S]', {
    help: `shows a payment that waits, or a request of a service, completely
      ID: of a payment ${ANY_NAME}; of a request its number
      --service: service of a request; without it ID is a withdrawal
      The digest is computed here from the content. Exit code 1 if the ledger states another digest.`,
    call: async ({ ID, service }, services) => {
      return isRequest(ID, service)
        ? { request: await requestIn(services, ID, service) }
        : { payment: await paymentIn(services, ID) };
    },
    json: ({ payment, request }) => (payment ? payment.approval : request),
    text: ({ payment, request }, style) =>
      payment
        ? [contentText(payment, style), '', stateText(payment, style)]
        : [
            facts(
              'service, id, state, action, target, exactly, requested_by as asked for by, requested_at as asked, expires_at as until, approved_by, approved_at as approved',
              { ...request, exactly: JSON.stringify(request.request) },
              style,
            ),
          ],
  }),
  command('approvals approve ID [--service S] [--digest D] [--without-passkey]', {
    help: `approves a payment, or executes the request of another person
      ID: of a payment ${ANY_NAME}; of a request its number
      --service: service of a request; without it ID is a withdrawal
      --digest: digest of the payment that you have checked; needed without a passkey
      --without-passkey: for members of groups without passkeys, if another group takes passkeys
      Shows the content, and approves exactly this content by the digest that is computed here.
      For a group with passkeys it serves a page on this computer for four minutes: open the shown address.`,
    call: async ({ ID, service, digest, without_passkey }, services, context) => {
      if (isRequest(ID, service)) return { request: await executed(services, ID, service) };
      if (digest !== undefined && !DIGEST.test(digest))
        throw usageError('--digest takes 64 hexadecimal digits, as "sluice approvals show" prints');
      const payment = await shownPayment(context, ID);
      if (digest !== undefined && digest !== payment.digest)
        throw new CliError(
          `do not approve payment ${ID}: its digest is ${payment.digest}, not that of --digest`,
          1,
        );
      const needsPasskey = payment.approval.needs_passkey && !without_passkey;
      if (digest === undefined && !needsPasskey)
        throw usageError(
          `nothing is approved yet: if the payment is right, repeat the command with --digest ${payment.digest}`,
        );
      const ledger = needsPasskey ? await ledgerWithPasskey(payment, context) : services.ledger;
      return { payment: await vote(ledger, payment, { decision: 'approve' }) };
    },
    json: ({ payment, request }) => payment ?? request,
    text: ({ payment, request }, _style, { ID }) =>
      payment ? votedText(payment) : executedText(request, ID),
  }),
  command('approvals refuse ID [--reason R]', {
    help: `refuses a payment that waits; the first refusal ends the payment, and its money is free
      ID: ${ANY_NAME}
      A refusal needs no passkey. A request of a service is not refused: it expires.`,
    call: async ({ ID, reason }, services, context) => {
      const payment = await shownPayment(context, ID);
      return vote(services.ledger, payment, defined({ decision: 'refuse' as const, reason }));
    },
    text: (payment) => votedText(payment),
  }),
  command('approve ID --service S', {
    help: `approves the request of another person and executes it
      Check the exact content first: sluice approvals list.
      Requires the role approve, and another person than the requester.`,
    call: ({ ID, service }, services) => executed(services, ID, service),
    text: (request, _style, { ID }) => executedText(request, ID),
  }),
];

/** A number with --service is that of a request; anything else names the withdrawal of a payment. */
function isRequest(id: string, service: string | undefined): service is string {
  if (service === undefined) return false;
  if (!isUuid(id.toLowerCase())) return true;
  if (service === LEDGER) return false;
  throw usageError(`payments wait at the ledger, not at ${service}`);
}

async function executed(services: Services, id: string, service: string) {
  return { service, ...(await services.service(service).approve(id)) };
}

function executedText({ service, result }: Awaited<ReturnType<typeof executed>>, id: string) {
  return `approval ${id} of ${service} is carried out: ${JSON.stringify(result)}`;
}

async function paymentsOf(
  services: Services,
  service: string | undefined,
  all: boolean,
): Promise<readonly PaymentApprovalDto[]> {
  const isAsked = service === undefined ? services.names().includes(LEDGER) : service === LEDGER;
  return isAsked ? services.ledger.paymentApprovals({ state: all ? 'all' : 'open' }) : [];
}

async function paymentIn(services: Services, given: string): Promise<WaitingPayment> {
  const id = await withdrawalId(services, given);
  return waitingPayment(await services.ledger.paymentApproval(id), { id, given });
}

async function requestIn(services: Services, id: string, service: string) {
  const requests = await services.service(service).approvals();
  const request = requests.find((one) => one.id === id);
  if (!request)
    throw new CliError(`${service} has no request ${id}; "sluice approvals list" shows them`, 1);
  return { service, ...request };
}

/** Shows the payment before the vote. Throws if the payment waits no more. */
async function shownPayment(
  { services, announce }: CommandContext,
  given: string,
): Promise<WaitingPayment> {
  const payment = await paymentIn(services, given);
  const { state } = payment.approval;
  if (state !== 'open') throw new CliError(`payment ${given} waits no more: ${state}`, 1);
  announce(`${contentText(payment, PLAIN)}\n`);
  return payment;
}

/**
 * Returns a client of the ledger whose calls carry the person's passkey. The page names the passkeys
 * of the caller: a security key may store no list of its passkeys.
 */
async function ledgerWithPasskey(
  payment: WaitingPayment,
  { services, announce, passkeyPort: port }: CommandContext,
): Promise<LedgerAdmin> {
  const { ledger } = services;
  const [{ name }, passkeys] = [await ledger.whoami(), await ledger.passkeys()];
  const own = passkeys.filter((one) => one.person === name && one.revoked_at === null);
  return services.ledgerWith(async ({ body, ...call }) => {
    const at = new Date().toISOString();
    const challenge = challengeOfCall(passkeyCallText({ ...call, at, body: Buffer.from(body) }));
    const task = {
      title: 'Approve a payment',
      text: contentText(payment, PLAIN),
      button: 'Approve with the passkey',
      mode: 'get' as const,
      options: {
        challenge,
        allowCredentials: own.map(({ credential_id: id }) => ({ type: 'public-key', id })),
      },
    };
    const assertion = await askBrowser(task, { port, announce, withinMs: PROOF_MS });
    return writePasskeyHeader({ at, assertion, voucher: '' });
  });
}

/** The ledger refuses older proofs than five minutes. */
const PROOF_MS = 240_000;

function vote(
  ledger: Pick<LedgerAdmin, 'voteOnPayment'>,
  { approval, digest }: WaitingPayment,
  { decision, reason }: Pick<VoteOnPaymentDto, 'decision' | 'reason'>,
): Promise<PaymentApprovalDto> {
  return ledger.voteOnPayment(approval.withdrawal_id, { decision, digest, ...defined({ reason }) });
}

function votedText(payment: PaymentApprovalDto): string {
  const { withdrawal_id: id, state, expires_at: until } = payment;
  if (state === 'granted')
    return `payment ${cell(id)} is approved by all groups, and goes to the venue now unless it was cancelled meanwhile: sluice withdrawal show ${cell(id)}`;
  if (state === 'open')
    return `recorded: ${votesText(payment)}; payment ${cell(id)} waits until ${time(until)}`;
  return `payment ${cell(id)} is ${cell(state)}: nothing is paid, and its money is free`;
}

export const PASSKEYS = [
  command('passkey register', {
    help: `registers a passkey of the caller for the approval of payments
      Serves a page on this computer for five minutes: open the shown address.
      The passkey counts after the waiting time of the ledger (24 hours by default).`,
    call: async (_given, { ledger }, { announce, passkeyPort: port }) => {
      const { options } = await ledger.passkeyOptions();
      const { name, domain } = shownOf(options);
      const task = {
        title: 'Register a passkey',
        text: `person  ${name}\ndomain  ${domain}`,
        button: 'Make the passkey',
        mode: 'create' as const,
        options,
      };
      const registration = await askBrowser(task, { port, announce });
      return ledger.registerPasskey({ registration });
    },
    approval: 'ledger',
    text: () => [], // every registration waits for a second person
  }),
  listing('passkey list', {
    help: 'lists the passkeys of the approvers, also revoked ones',
    call: (_given, { ledger }) => ledger.passkeys(),
    columns:
      'credential_id as passkey, person, added_at as added, usable_at as counts from, approved_by, revoked_at as revoked',
    empty: 'there is no passkey',
  }),
  command('passkey revoke CREDENTIAL', {
    help: `revokes a passkey at once, and for good
      Votes by this passkey on payments that still wait are void.`,
    call: ({ CREDENTIAL }, { ledger }) => ledger.revokePasskey({ credential_id: CREDENTIAL }),
    text: ({ credential_id: id, person }) => `passkey ${cell(id)} of ${cell(person)} is revoked`,
  }),
];

/** The person and the domain that the new passkey belongs to. */
function shownOf(options: object) {
  const { user, rp, challenge } = options as Readonly<Record<string, unknown>>;
  if (!isObject(user) || !isObject(rp) || typeof challenge !== 'string')
    throw new CliError('the ledger answered without options for a passkey', 2);
  return { name: cell(user['name']), domain: cell(rp['id']) };
}
