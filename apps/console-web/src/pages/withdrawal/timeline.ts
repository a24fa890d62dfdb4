import type { EntryDto, SubmissionHistoryDto, WithdrawalDto } from '@sluice/http-api';
import { stateName } from '../../format/states.js';

/** Fact about a withdrawal, with the recording service. */
export interface TimelineItem {
  readonly at: string;
  readonly source: string;
  readonly title: string;
  readonly detail: string | null;
  /** State reached with this fact; null for other facts. */
  readonly state: string | null;
}

type VenueAttempt = SubmissionHistoryDto['attempts'][number];
type PersonDecision = SubmissionHistoryDto['decisions'][number];

/** Facts of a connector. */
interface Submitted {
  readonly service: string;
  readonly submission: Pick<SubmissionHistoryDto, 'cases'> & {
    readonly attempts: readonly Pick<
      VenueAttempt,
      'number' | 'intended_at' | 'answered_at' | 'response_status' | 'cause'
    >[];
    readonly decisions: readonly Pick<
      PersonDecision,
      'decided_at' | 'decision' | 'decided_by' | 'confirmed_by'
    >[];
  };
}

/** Facts of all services about a withdrawal, in the order of their times. */
export function timelineOf(
  withdrawal: Pick<WithdrawalDto, 'history' | 'routing' | 'cases'>,
  submissions: readonly Submitted[],
  entries: readonly Pick<EntryDto, 'kind' | 'entry_id' | 'recorded_at'>[],
): readonly TimelineItem[] {
  const items = [
    ...stepsOf(withdrawal),
    ...submissions.flatMap(({ service, submission }) => factsOfVenue(service, submission)),
    ...entries.map(({ kind, entry_id: id, recorded_at: at }) =>
      fact(at, 'ledger', `Booked: ${stateName(kind)}`, `entry ${id}`),
    ),
  ];
  return items.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

function stepsOf({
  history,
  routing,
  cases,
}: Pick<WithdrawalDto, 'history' | 'routing' | 'cases'>): readonly TimelineItem[] {
  return [
    ...history.map(({ at, to, trigger, detail }) => ({
      ...fact(at, 'intake-api', stateName(trigger), detail),
      state: to,
    })),
    ...routing.map(({ at, venue, named, passed }) =>
      fact(
        at,
        'intake-api',
        venue === null ? 'No venue is left' : `Routed to ${venue}`,
        [
          ...(named ? ['named by the request'] : []),
          ...passed.map((one) => `not ${one.venue}: ${one.because}`),
        ].join('; ') || null,
      ),
    ),
    ...cases.map(({ opened_at: at, trigger, detail }) =>
      fact(at, 'intake-api', `Case opened: ${stateName(trigger)}`, detail),
    ),
  ];
}

function factsOfVenue(
  service: string,
  { attempts, cases, decisions }: Submitted['submission'],
): readonly TimelineItem[] {
  return [
    ...attempts.flatMap(
      ({
        number,
        intended_at: intended,
        answered_at: answered,
        response_status: status,
        cause,
      }) => [
        fact(intended, service, `Attempt ${number} is sent`, null),
        ...(answered === null
          ? []
          : [
              fact(
                answered,
                service,
                `Attempt ${number}: ${status === null ? 'no answer' : `answer ${status}`}`,
                cause,
              ),
            ]),
      ],
    ),
    ...cases.map(({ opened_at: at, kind, text }) =>
      fact(at, service, `Case opened: ${stateName(kind)}`, text),
    ),
    ...decisions.map(({ decided_at: at, decision, decided_by: first, confirmed_by: second }) =>
      fact(
        at,
        service,
        `Decided: ${decision}`,
        [first, second].filter((name) => name !== null).join(', confirmed by ') || null,
      ),
    ),
  ];
}

function fact(at: string, source: string, title: string, detail: string | null): TimelineItem {
  return { at, source, title, detail, state: null };
}
