import { writeFileSync } from 'node:fs';
import { brokenOnes, isBroken } from './judge/judge-all.js';
import { storyOf } from './judge/story.js';
import { verdictLine } from './judge/verdict.js';
import type { Run } from './run.js';
import { describe } from './schedule/fault.js';
import type { Cast } from './stage-up.js';

const MOST_STORIES = 10;

/** What a run came to, for people and for `--json`. */
export interface Report {
  readonly title: string;
  readonly verdict: string;
  readonly holds: boolean;
  readonly json: object;
}

/** Prints stories of what is broken; asks the doors for them, so the world must still be up. */
export async function reportOf(
  title: string,
  { judgement, played, quietMs }: Run,
  cast: Cast,
  repeat: string,
): Promise<Report> {
  const { note, person, world } = cast;
  const broken = brokenOnes(judgement);
  const stories = [];
  for (const one of broken.slice(0, MOST_STORIES))
    stories.push(await storyOf(one, cast.doors, played, repeat));
  for (const story of stories) for (const line of story) note(line);
  if (broken.length > MOST_STORIES)
    note(`… and ${broken.length - MOST_STORIES} more; --json FILE has them all`);
  for (const fault of judgement.faults) note(`✗ ${fault}`);
  const acts = [...person.acts].map(([act, times]) => `${times} ${act}`).join(', ');
  note(`the person on duty: ${acts}`);
  if (world.endings.length > 0)
    note(
      `processes that ended by themselves: ${world.endings.map(({ process, how }) => `${process} (${how})`).join(', ')}`,
    );
  const verdict = verdictLine(judgement.counts);
  const json = {
    title,
    verdict,
    holds: !isBroken(judgement),
    counts: judgement.counts,
    faults: judgement.faults,
    quiet_seconds: Math.round(quietMs / 1_000),
    schedule: played.map((one) => ({ ...one, told: describe(one.fault) })),
    skipped: skippedOf(played, world.whyNoDisks),
    endings: world.endings,
    person: { acts: Object.fromEntries(person.acts), diary: person.diary },
    relays: Object.fromEntries(
      [...world.venueRelays].map(([venue, relay]) => [venue, Object.fromEntries(relay.befell)]),
    ),
    stories,
    withdrawals: judgement.cases.map(({ asked, paid, booked, named, kind, why }) => ({
      ...asked,
      paid,
      booked,
      named,
      kind,
      why,
    })),
  };
  return { title, verdict, holds: !isBroken(judgement), json };
}

function skippedOf(played: Run['played'], whyNoDisks: string | undefined): readonly string[] {
  return whyNoDisks !== undefined && played.some(({ fault }) => fault.group === 'disk')
    ? [`disk: ${whyNoDisks}`]
    : [];
}

export function writeJson(file: string | undefined, value: unknown): void {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
}
