import { ok, refuse, type Result } from '@sluice/kernel';
import { sha256Hex } from '@sluice/signing';
import type { Entry, BookedPayment } from '../sim/facts.js';
import { changedRow } from '../sim/setting-checks.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { errorAnswer, malformed, success, type BybitError } from './bybit-auth.js';
import type { BybitState, BybitCall } from './bybit-state.js';

const SPAN_MS = 30 * 86_400_000;
const KINDS: ReadonlyMap<string, readonly BookedPayment['kind'][]> = new Map([
  ['0', ['chain']],
  ['1', ['account']],
  ['2', ['chain', 'account']],
]);
const LARGEST_PAGE = 50;

interface BybitRecordPage {
  readonly kinds: readonly BookedPayment['kind'][];
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  /** Rows with smaller ids only. */
  readonly below: number;
}

/** GET /v5/asset/withdraw/query-record, newest first. Default: chain withdrawals. */
export function listRecords(state: BybitState, call: BybitCall): SimulatedAnswer {
  const page = readPage(call.query, call.now);
  if (!page.ok) return errorAnswer(page.refusal);
  const entries = select(state, page.value, call);
  const { record_changes: changes } = state.settings();
  const rows = entries.map((entry) => {
    const status = call.goesBack
      ? state.book.statusBefore(entry, call.now)
      : state.book.statusOf(entry, call.now);
    return changedRow(rowOf(entry, status), entry.payment, changes);
  });
  const last = entries.at(-1);
  const nextPageCursor =
    last && entries.length === page.value.limit ? cursorOf(last, entries[0] ?? last) : '';
  return success({ rows, nextPageCursor });
}

function select(
  { book, settings }: BybitState,
  page: BybitRecordPage,
  { query, now }: BybitCall,
): Entry[] {
  const id = query.get('withdrawID');
  const coin = query.get('coin');
  const hash = query.get('txID');
  const matches = (payment: BookedPayment): boolean =>
    Number(payment.id) < page.below &&
    (!id || payment.id === id) &&
    (!coin || payment.currency === coin) &&
    (!hash || hashOf(payment) === hash);
  const to = Math.min(page.to, now - settings().listing_delay_ms);
  return page.kinds
    .flatMap((kind) =>
      book.select({ kind, from: page.from, to, matches, offset: 0, limit: page.limit }),
    )
    .sort((one, other) => Number(other.payment.id) - Number(one.payment.id))
    .slice(0, page.limit);
}

function readPage(query: URLSearchParams, now: number): Result<BybitRecordPage, BybitError> {
  const kinds = KINDS.get(query.get('withdrawType') || '0');
  if (!kinds) return refuse(malformed('withdrawType must be 0, 1 or 2'));
  const limit = whole(query, 'limit', LARGEST_PAGE);
  if (limit === null || limit < 1 || limit > LARGEST_PAGE)
    return refuse(malformed('limit must be 1 to 50'));
  const start = whole(query, 'startTime', null);
  const end = whole(query, 'endTime', start === null ? now : Math.min(now, start + SPAN_MS - 1));
  if (end === null || (start === null && query.get('startTime')))
    return refuse(malformed('startTime and endTime must be milliseconds'));
  const from = start ?? end - SPAN_MS + 1;
  if (from > end || end - from >= SPAN_MS)
    return refuse(malformed('the span of startTime and endTime must be less than 30 days'));
  const below = readCursor(query.get('cursor'));
  return below === null ? refuse(malformed('cursor')) : ok({ kinds, from, to: end, limit, below });
}

function whole(query: URLSearchParams, name: string, otherwise: number | null): number | null {
  const text = query.get(name);
  if (text === null || text === '') return otherwise;
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : null;
}

/** Base64 of JSON with padding: clients that decode the cursor before signing fail here too. */
function cursorOf(last: Entry, first: Entry): string {
  const text = `{"minID":${last.payment.id},"maxID":${first.payment.id}}`;
  return Buffer.from(text.length % 3 === 0 ? `${text} ` : text).toString('base64');
}

function readCursor(text: string | null): number | null {
  if (!text) return Infinity;
  const found = /^\{"minID":([0-9]{1,16}),"maxID":[0-9]{1,16}\} ?$/.exec(
    Buffer.from(text, 'base64').toString('utf8'),
  );
  return found ? Number(found[1]) : null;
}

function rowOf({ payment, since }: Entry, status: string): object {
  return {
    coin: payment.currency,
    chain: payment.chain ?? '',
    amount: payment.net_amount,
    txID: hasHash(payment, status) ? hashOf(payment) : '',
    status,
    toAddress: payment.destination,
    tag: payment.memo ?? '',
    withdrawFee: payment.fee,
    createTime: String(payment.created_at),
    updateTime: String(since),
    withdrawId: payment.id,
    withdrawType: payment.kind === 'chain' ? 0 : 1,
    fee: '',
    tax: '',
    taxRate: '',
    taxType: '',
  };
}

function hasHash({ kind }: BookedPayment, status: string): boolean {
  return status === 'success' || (kind === 'chain' && status === 'BlockchainConfirmed');
}

function hashOf(payment: BookedPayment): string {
  const hash = sha256Hex(`bybit ${payment.id}`);
  return payment.destination.startsWith('0x') ? `0x${hash}` : hash;
}
