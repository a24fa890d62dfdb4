import type { SimulatedName } from '@sluice/stack';
import { fieldsOf, rowsOf, type Fields } from './json.js';

interface Written {
  readonly status: number;
  readonly body: string;
}

/** Facts about a venue for a proxy between the connector and the venue. */
export interface VenueFacts {
  /** Suffixes of the paths paying on POST. */
  readonly pays: readonly string[];
  /** Suffixes of the paths listing records on GET. */
  readonly lists: readonly string[];
  /** A plain refusal of this request alone: the wallet is empty. Another venue may pay. */
  readonly refusal: Written;
  /** The venue's own response for an internal error. */
  readonly serverError: Written;
  readonly tooManyRequests: Written;
  /** The endpoints as the simulator's faults name them. */
  readonly payEndpoints: readonly string[];
  readonly listEndpoints: readonly string[];
  /** The records of a listing's document. */
  records(document: unknown): readonly Fields[];
  /** The same document with other records. */
  withRecords(document: unknown, records: readonly Fields[]): unknown;
  /** The record's field of the venue's own id, and of the amount. */
  readonly idField: string;
  readonly amountField: string;
  /** Status names of payments sent back, in the venue's book. */
  readonly sentBack: readonly string[];
}

const json = (status: number, body: object): Written => ({ status, body: JSON.stringify(body) });

export const VENUE_FACTS: Readonly<Record<SimulatedName, VenueFacts>> = {
  gateio: {
    pays: ['/withdrawals', '/withdrawals/push'],
    lists: ['/wallet/withdrawals', '/wallet/push'],
    refusal: json(400, { label: 'BALANCE_NOT_ENOUGH', message: 'Not enough balance' }),
    serverError: json(500, { label: 'SERVER_ERROR', message: 'Server error' }),
    tooManyRequests: json(429, {
      label: 'TOO_MANY_REQUESTS',
      message: 'Request rate limit exceeded',
    }),
    payEndpoints: ['POST /withdrawals', 'POST /withdrawals/push'],
    listEndpoints: ['GET /wallet/withdrawals', 'GET /wallet/push'],
    records: rowsOf,
    withRecords: (_document, records) => records,
    idField: 'id',
    amountField: 'amount',
    sentBack: ['REJECT', 'REFUSED', 'CANCEL', 'CANCELPEND'],
  },
  bitmart: {
    pays: ['/account/v1/withdraw/apply'],
    lists: ['/account/v2/deposit-withdraw/history'],
    refusal: json(400, { code: 60008, message: 'Balance not enough', trace: 'nemesis', data: {} }),
    serverError: json(500, {
      code: 59002,
      message: 'Internal server error',
      trace: 'nemesis',
      data: {},
    }),
    tooManyRequests: json(429, {
      code: 30013,
      message: 'Request too many requests',
      trace: 'nemesis',
      data: {},
    }),
    payEndpoints: ['POST /account/v1/withdraw/apply'],
    listEndpoints: ['GET /account/v2/deposit-withdraw/history'],
    records: (document) => rowsOf(fieldsOf(fieldsOf(document)['data'])['records']),
    withRecords: (document, records) => ({
      ...fieldsOf(document),
      data: { ...fieldsOf(fieldsOf(document)['data']), records },
    }),
    idField: 'withdraw_id',
    amountField: 'arrival_amount',
    sentBack: ['4', '5'],
  },
  bybit: {
    pays: ['/v5/asset/withdraw/create'],
    lists: ['/v5/asset/withdraw/query-record'],
    refusal: json(200, {
      retCode: 131212,
      retMsg: 'Insufficient balance',
      result: {},
      retExtInfo: {},
      time: 0,
    }),
    serverError: json(200, {
      retCode: 10016,
      retMsg: 'Internal server error',
      result: {},
      retExtInfo: {},
      time: 0,
    }),
    tooManyRequests: json(200, {
      retCode: 10006,
      retMsg: 'Too many visits',
      result: {},
      retExtInfo: {},
      time: 0,
    }),
    payEndpoints: ['POST /v5/asset/withdraw/create'],
    listEndpoints: ['GET /v5/asset/withdraw/query-record'],
    records: (document) => rowsOf(fieldsOf(fieldsOf(document)['result'])['rows']),
    withRecords: (document, rows) => ({
      ...fieldsOf(document),
      result: { ...fieldsOf(fieldsOf(document)['result']), rows },
    }),
    idField: 'withdrawId',
    amountField: 'amount',
    sentBack: ['Reject', 'Fail', 'CancelByUser'],
  },
  upvest: {
    pays: ['/payments/withdrawals'],
    lists: ['/payments/withdrawals'],
    refusal: json(422, {
      type: 'https://docs.upvest.co/errors/unprocessable_entity',
      status: 422,
      title: 'Not enough cash',
    }),
    serverError: json(503, {
      type: 'https://docs.upvest.co/errors/unavailable',
      status: 503,
      title: 'Unavailable',
    }),
    tooManyRequests: json(429, {
      type: 'https://docs.upvest.co/errors/too_many_requests',
      status: 429,
      title: 'Too many requests',
    }),
    payEndpoints: ['POST /payments/withdrawals'],
    listEndpoints: ['GET /account_groups/{id}/payments/withdrawals'],
    records: (document) => rowsOf(fieldsOf(document)['data']),
    withRecords: (document, data) => ({ ...fieldsOf(document), data }),
    idField: 'id',
    amountField: 'amount',
    sentBack: ['CANCELLED'],
  },
};
