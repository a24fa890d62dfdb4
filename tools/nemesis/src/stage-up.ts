import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InternalDoors } from '@sluice/stack';
import type { Stage } from './act/stage.js';
import { Load, type LoadOptions } from './load/load.js';
import type { BankAccount } from './load/orders.js';
import { Person } from './person/person.js';
import type { Random } from './random.js';
import { Doors } from './world/doors.js';
import { textOf } from './world/json.js';
import { World } from './world/world.js';

export interface StageWish {
  readonly random: Random;
  readonly code: string;
  readonly disks: boolean;
  readonly keep: boolean;
  readonly say: (line: string) => void;
  readonly ended: AbortSignal;
  /** From now on there is an orderly way down; until then whoever stops us ends the process, and the guard cleans up. */
  readonly onUp: () => void;
  readonly load?: Pick<LoadOptions, 'forms' | 'plain'>;
}

/** A stage with everything that plays on it. */
export interface Cast extends Stage {
  readonly doors: Doors;
  readonly person: Person;
  readonly folder: string;
}

/** Brings everything up in a folder of its own, plays, and leaves nothing behind, whatever happens. */
export async function onStage<T>(wish: StageWish, play: (cast: Cast) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-nemesis-'));
  chmodSync(folder, 0o711); // PostgreSQL may run as another user and has to walk through
  let world: World | undefined;
  let load: Load | undefined;
  const duty = new AbortController();
  try {
    world = await World.up({
      folder,
      code: wish.code,
      random: wish.random,
      disks: wish.disks,
      keep: wish.keep,
      say: wish.say,
    });
    wish.onUp();
    const doors = new Doors(world.ports, world.secrets.internalToken);
    const person = new Person(doors, world.books);
    load = await Load.prepare({
      random: wish.random.of('load'),
      doors: operatorDoors(world),
      urls: publicUrls(world),
      say: wish.say,
      bankAccount: await bankAccountOf(world),
      ...wish.load,
    });
    const working = person.work(duty.signal);
    try {
      const result = await play({
        world,
        load,
        doors,
        person,
        folder,
        random: wish.random,
        ended: wish.ended,
        note: wish.say,
        moments: new Map(),
      });
      wish.ended.throwIfAborted();
      return result;
    } finally {
      duty.abort();
      await working;
    }
  } finally {
    await load?.stop();
    await world?.stop();
    if (wish.keep) wish.say(`everything is kept in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

function operatorDoors({ ports, secrets }: World): InternalDoors {
  return {
    token: secrets.internalToken,
    intake_api: `http://127.0.0.1:${ports[1].intakeInternal}`,
    ledger: `http://127.0.0.1:${ports[1].ledger}`,
    connector_gateio: `http://127.0.0.1:${ports[1]['connector-gateio']}`,
  };
}

function publicUrls({ ports }: World): readonly string[] {
  return [1, 2].map((number) => `http://127.0.0.1:${ports[number as 1 | 2]['intake-api']}`);
}

async function bankAccountOf(world: World): Promise<BankAccount> {
  const { user_id, account_group_id, reference_account_id } = await world
    .book('upvest')
    .credentials();
  return {
    user_id: textOf(user_id),
    account_group_id: textOf(account_group_id),
    reference_account_id: textOf(reference_account_id),
  };
}
