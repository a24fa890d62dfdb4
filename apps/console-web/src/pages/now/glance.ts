import type { ConsumerDto, InboxItemDto, VenueDto, WithdrawalCountsDto } from '@sluice/http-api';
import type { EveryAnswer } from '../../api/queries.js';
import type { Tone } from '../../format/states.js';
import { utcText } from '../../time/ages.js';
import { kindCount } from '../decide/evidence/inbox-item.js';
import { lateSentence } from './age-budgets.js';

type Kind = InboxItemDto['kind'];
type Item = Pick<InboxItemDto, 'kind' | 'title' | 'more'>;
type Counts = Pick<WithdrawalCountsDto, 'states' | 'complete' | 'counted_at'>;
type Venue = Pick<
  VenueDto,
  'venue' | 'last_answer_at' | 'records' | 'balances' | 'pauses' | 'queues'
>;

/** Age of a count from which it says nothing about now. */
const OLD_COUNT_MS = 120_000;
/** Time without an answer of a venue, whose records are read every minute. */
const SILENT_VENUE_MS = 600_000;

/** Fact against the answer "everything is fine". */
interface NowProblem {
  readonly tone: Exclude<Tone, 'good' | 'quiet'>;
  readonly sentence: string;
  /** Place of the console with more about it. */
  readonly to: string;
  readonly search: Readonly<Record<string, string>>;
}

/** Answer to the question whether everything is fine, with the faults. */
export interface NowGlance {
  readonly tone: Tone;
  readonly headline: string;
  readonly problems: readonly NowProblem[];
}

/** Facts of all services; undefined during the reading, null if the reading failed. */
export interface GlanceFacts {
  readonly inbox: readonly EveryAnswer<readonly Item[]>[] | null | undefined;
  readonly counts: Counts | null | undefined;
  readonly consumption: readonly EveryAnswer<Pick<ConsumerDto, 'faults'>>[] | null | undefined;
  readonly venues: readonly EveryAnswer<Venue>[] | undefined;
  /** Time of the server; null if it is not known. */
  readonly nowMs: number | null;
}

/** Kinds that are the usual work of people. All other kinds report a fault. */
const USUAL: readonly Kind[] = ['approval', 'payment_approval', 'address_entry'];

/** Summarises the facts. What is unknown is never fine. */
export function glanceOf({ inbox, counts, consumption, venues, nowMs }: GlanceFacts): NowGlance {
  if (
    inbox === undefined ||
    counts === undefined ||
    consumption === undefined ||
    venues === undefined
  )
    return { tone: 'quiet', headline: 'The services are being asked.', problems: [] };
  const missing = [...unansweredOf({ inbox, consumption, venues }), ...countFaults(counts, nowMs)];
  const items = (inbox ?? []).flatMap(({ service, data = [] }) =>
    data.map((item) => ({ ...item, service })),
  );
  const faults = countedKinds(items.filter(({ kind }) => !USUAL.includes(kind)));
  const waiting = countedKinds(items.filter(({ kind }) => USUAL.includes(kind)));
  const late = [
    ...(counts === null ? [] : lateStates(counts)),
    ...(consumption ?? []).flatMap(({ service, data }) =>
      (data?.faults ?? []).map((fault) => consumerProblem(service, fault)),
    ),
    ...venues.flatMap(({ service, data }) =>
      data === undefined ? [] : venueProblems(service, data, nowMs ?? Infinity),
    ),
  ];
  const first = [
    ...missing,
    ...faults.map((one): NowProblem => ({ ...one, tone: 'bad' })),
    ...late,
  ];
  return {
    tone: missing.length + faults.length > 0 ? 'bad' : late.length > 0 ? 'wait' : 'good',
    headline: headlineOf(missing.length, faults.length, late.length, waiting.length),
    problems: [...first, ...waiting.map((one): NowProblem => ({ ...one, tone: 'wait' }))],
  };
}

function headlineOf(missing: number, faults: number, late: number, waiting: number): string {
  if (faults > 0) return 'Not everything is fine: people have to act.';
  if (missing > 0) return 'It is not known whether everything is fine: services did not answer.';
  if (late > 0) return 'Payments take longer than usual.';
  return waiting > 0 ? 'Everything is fine. People are waited for.' : 'Everything is fine.';
}

function bad(sentence: string, to = '/'): NowProblem {
  return { tone: 'bad', sentence, to, search: {} };
}

function consumerProblem(service: string, fault: string): NowProblem {
  const sentence = `${service} does not read all its messages: ${fault}.`;
  return { tone: 'wait', sentence, to: '/system', search: { service } };
}

/** A service that answered none of the questions is named once. */
function unansweredOf({
  inbox,
  consumption,
  venues,
}: {
  readonly [Fact in 'inbox' | 'consumption' | 'venues']: Exclude<GlanceFacts[Fact], undefined>;
}): readonly NowProblem[] {
  const silent = [...(inbox ?? []), ...(consumption ?? []), ...venues].filter(
    ({ data }) => data === undefined,
  );
  const first = silent.filter(
    ({ service }, at) => silent.findIndex((answer) => answer.service === service) === at,
  );
  return [
    ...(inbox === null ? [bad('The inbox of the services could not be asked.')] : []),
    ...(consumption === null ? [bad('The messages that wait could not be asked.')] : []),
    ...unansweredSentences(first).map((sentence) => bad(sentence)),
  ];
}

function countFaults(counts: Counts | null, nowMs: number | null): readonly NowProblem[] {
  if (counts === null) return [bad('The withdrawals under way could not be counted.')];
  const { complete, counted_at: at } = counts;
  const isOld = nowMs === null || nowMs - Date.parse(at) > OLD_COUNT_MS;
  return [
    ...(complete
      ? []
      : [bad('There are more withdrawals under way than were counted.', '/withdrawals')]),
    ...(isOld ? [bad(`The withdrawals under way were last counted at ${utcText(at)}.`)] : []),
  ];
}

/** Returns a sentence for each reason, with the services. */
function unansweredSentences(unanswered: readonly EveryAnswer<unknown>[]): readonly string[] {
  const reasons = Map.groupBy(unanswered, ({ message = 'no answer' }) =>
    message.replace(/^\S+ (?=cannot be reached|did not answer)/, ''),
  );
  return [...reasons].map(([reason, ours]) => {
    const names = ours.map(({ service }) => service);
    return `${names.join(', ')} could not be asked: ${reason.replace(/\.$/, '')}.`;
  });
}

/** Ages are from the clock of the service. */
function lateStates({ states, counted_at: at }: Counts): readonly NowProblem[] {
  return states.flatMap((state) => {
    const age = Date.parse(at) - Date.parse(state.oldest_since);
    const sentence = lateSentence('A withdrawal', state, age);
    return sentence === null
      ? []
      : [{ tone: 'wait', sentence, to: '/withdrawals', search: { state: state.state } }];
  });
}

/** Reasons why payments of a venue may be slower than usual. */
function venueProblems(
  service: string,
  { venue, last_answer_at: own, records, balances, pauses, queues }: Venue,
  nowMs: number,
): readonly NowProblem[] {
  // The last answer is that of one process; another one may read the records and the balances.
  const readings = [...records, ...balances].map(({ read_at: at }) => at);
  const at = [...readings, ...(own === null ? [] : [own])].toSorted().at(-1);
  const isSilent = at === undefined || nowMs - Date.parse(at) > SILENT_VENUE_MS;
  const sentences = [
    ...(isSilent
      ? [`${venue} has not answered since ${at === undefined ? 'the start' : utcText(at)}.`]
      : []),
    ...pauses.map(({ endpoint, cause }) => `${venue} is not called at ${endpoint}: ${cause}.`),
    ...queues.flatMap(
      (queue) =>
        lateSentence(`A submission at ${venue}`, queue, nowMs - Date.parse(queue.oldest_at)) ?? [],
    ),
  ];
  return sentences.map((sentence) => ({
    tone: 'wait',
    sentence,
    to: `/venues/${service}`,
    search: {},
  }));
}

/** A sentence for each kind, with the number of its items. */
function countedKinds(
  items: readonly Item[],
): readonly Pick<NowProblem, 'sentence' | 'to' | 'search'>[] {
  const groups = Map.groupBy(items, ({ kind }) => kind);
  return [...groups].map(([kind, ours]) => {
    const [first] = ours;
    const isMore = ours.some(({ more }) => more);
    const text =
      ours.length === 1
        ? `${kindCount(kind, 1)}: ${first?.title}`
        : `${isMore ? 'More than ' : ''}${kindCount(kind, ours.length)}`;
    return { sentence: text.endsWith('.') ? text : `${text}.`, to: '/decide', search: { kind } };
  });
}
