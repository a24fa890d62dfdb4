import { ok, refuse, type Result } from '@sluice/kernel';
import {
  ACCEPTANCES,
  type ArmedFault,
  ENCODINGS,
  type FactKeeper,
  type FaultName,
  type RecordFact,
  REFUSALS,
  type SimulatedFact,
} from './facts.js';

/** `pay` and `cancel` change state, `list` shows records, `read` is any other GET. */
export type EndpointKind = 'pay' | 'cancel' | 'list' | 'read';

const ADMITTED: Record<EndpointKind, readonly FaultName[]> = {
  pay: [...ACCEPTANCES, ...REFUSALS, 'in_other_form', 'status_goes_back'],
  cancel: [...ACCEPTANCES, ...REFUSALS, 'in_other_form'],
  list: [...REFUSALS, 'in_other_form', 'status_goes_back', 'slow_listing'],
  read: [...REFUSALS, 'in_other_form', 'slow_listing'],
};

export type FaultState = ArmedFault & { passed: number; used: number };

const FIELDS = [
  'endpoint',
  'fault',
  'times',
  'after',
  'http_status',
  'body',
  'content_type',
  'encoding',
  'retry_after',
];

/** Armed faults in order. Per endpoint, the first fault not used up is due. */
export class FaultBook implements FactKeeper {
  private armed: FaultState[] = [];

  constructor(
    private readonly endpoints: Readonly<Record<string, EndpointKind>>,
    private readonly record: RecordFact,
  ) {}

  apply(fact: SimulatedFact): void {
    if (fact.t === 'fault_armed') this.armed.push({ ...fact.fault, passed: 0, used: 0 });
    else if (fact.t === 'fault_met') this.count(fact.id, fact.fired);
    else if (fact.t === 'faults_cleared' || fact.t === 'reset') this.armed = [];
  }

  list(): readonly FaultState[] {
    return this.armed;
  }

  /** Clears or arms a fault. Returns a message if invalid. */
  change(request: unknown): Result<void, string> {
    if (typeof request !== 'object' || request === null)
      return refuse('the body has to be a JSON object');
    if ('clear' in request) {
      if (request.clear !== true) return refuse('clear can only be true');
      this.record({ t: 'faults_cleared' });
      return ok(undefined);
    }
    const fault = this.read(request as Record<string, unknown>);
    if (!fault.ok) return fault;
    this.record({ t: 'fault_armed', fault: fault.value });
    return ok(undefined);
  }

  /** The fault due for this request. A fault that lets requests pass counts this one. */
  due(endpoint: string): FaultState | null {
    if (this.armed.length === 0) return null;
    const fault = this.armed.find((one) => one.endpoint === endpoint && one.used < one.times);
    if (!fault) return null;
    if (fault.passed >= fault.after) return fault;
    this.record({ t: 'fault_met', id: fault.id, fired: false });
    return null;
  }

  use(fault: FaultState): void {
    this.record({ t: 'fault_met', id: fault.id, fired: true });
  }

  private read(request: Record<string, unknown>): Result<ArmedFault, string> {
    const {
      endpoint,
      fault,
      times = 1,
      after = 0,
      http_status = 502,
      body = '',
      content_type = 'application/json',
    } = request;
    const unknown = Object.keys(request).find((key) => !FIELDS.includes(key));
    if (unknown !== undefined)
      return refuse(`unknown field ${unknown}; known: ${FIELDS.join(', ')}, or clear`);
    const kind =
      typeof endpoint === 'string' && Object.hasOwn(this.endpoints, endpoint)
        ? this.endpoints[endpoint]
        : undefined;
    if (typeof endpoint !== 'string' || !kind)
      return refuse(`endpoint has to be one of: ${Object.keys(this.endpoints).join(', ')}`);
    const name = ADMITTED[kind].find((one) => one === fault);
    if (!name) return refuse(`fault at ${endpoint} has to be one of: ${ADMITTED[kind].join(', ')}`);
    if (!isCount(times, 1)) return refuse('times has to be a whole number from 1 to 1000000');
    if (!isCount(after, 0)) return refuse('after has to be a whole number from 0 to 1000000');
    const answer = readAnswer({ http_status, body, content_type });
    if (!answer.ok) return answer;
    const dress = readDress(request);
    if (!dress.ok) return dress;
    return ok({
      id: (this.armed.at(-1)?.id ?? 0) + 1,
      endpoint,
      fault: name,
      times,
      after,
      ...answer.value,
      ...dress.value,
    });
  }

  private count(id: number, fired: boolean): void {
    const fault = this.armed.find((one) => one.id === id);
    if (!fault) return;
    if (fired) fault.used++;
    else fault.passed++;
  }
}

type Dress = Pick<ArmedFault, 'encoding' | 'retry_after'>;

function readDress({
  encoding = '',
  retry_after = '',
}: Readonly<Record<string, unknown>>): Result<Dress, string> {
  const known = ENCODINGS.find((one) => one === encoding);
  if (known === undefined && encoding !== '')
    return refuse(`encoding has to be empty or one of: ${ENCODINGS.join(', ')}`);
  if (typeof retry_after !== 'string' || !/^[\x20-\x7e]*$/.test(retry_after))
    return refuse('retry_after has to be text');
  return ok({ encoding: known ?? '', retry_after });
}

function readAnswer({
  http_status,
  body,
  content_type,
}: Readonly<Record<'http_status' | 'body' | 'content_type', unknown>>): Result<
  Pick<ArmedFault, 'http_status' | 'body' | 'content_type'>,
  string
> {
  if (
    typeof body !== 'string' ||
    typeof content_type !== 'string' ||
    !/^[\x20-\x7e]+$/.test(content_type)
  )
    return refuse('body and content_type have to be text');
  if (
    typeof http_status !== 'number' ||
    !Number.isInteger(http_status) ||
    http_status < 200 ||
    http_status > 599
  )
    return refuse('http_status has to be a whole number from 200 to 599');
  return ok({ http_status, body, content_type });
}

function isCount(value: unknown, least: number): value is number {
  return (
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 1_000_000
  );
}
