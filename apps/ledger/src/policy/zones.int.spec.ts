import { firstBucket, offsetByTable } from '@sluice/policy-core';
import { testSeals } from '@sluice/service-shell/testing';
import { AddressBooks } from '../address-book/address-book-settings.js';
import { place, USDT, type TestLedger } from '../testkit/given-ledger.js';
import { dailyLimit, PolicyLedger } from '../testkit/policy-ledger.js';
import { Policies } from './policies.js';
import { loadZones } from './zones.js';

const DIGEST = 'a1'.repeat(32);
/** `CET` and `EST` are abbreviations of fixed offsets for PostgreSQL, whatever Node reads. */
const ZONES = [
  'UTC',
  'CET',
  'EET',
  'MET',
  'WET',
  'EST',
  'Europe/Berlin',
  'America/Vancouver',
  'America/Havana',
  'America/New_York',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
];

describe('the zones of calendar days', () => {
  let given: PolicyLedger;
  let ledger: TestLedger;
  let accountId: string;
  PolicyLedger.forEachTest((one) => void ({ ledger, accountId } = given = one));

  const calendarDay = (zone: string) =>
    dailyLimit('100', { window: 'calendar_day', time_zone: zone });
  const refusalOf = async (zone: string, path = '') => {
    const policy = { rules: [calendarDay(zone)] };
    const body = path === '' ? { after_version: 0, policy } : { policy, last: 10 };
    const { status, body: answer } = await given.ask('POST', `policy${path}`, body, 'olga');
    return `${status} ${JSON.stringify(answer)}`;
  };
  const answersAt = async (at: string, amount: string) => {
    const { type, data } = place(accountId, amount);
    const order = { payout: amount, fee: '0', digest: DIGEST, venue: 'gateio', keyId: 'key-1' };
    const decided = await ledger.runAt(new Date(at), { type, data: { ...data, ...order } });
    return decided.map(({ event }) => event.type);
  };

  it('give a process the days by which PostgreSQL counts', async () => {
    const table = await loadZones(ledger.database, ZONES);
    const rows = await ledger.database.query<{ zone: string; at: number; day: number }>(
      `SELECT zone, (extract(epoch FROM at) * 1000)::float8 AS at, (extract(epoch FROM date_trunc('day', at AT TIME ZONE zone) AT TIME ZONE 'UTC') * 1000)::float8 AS day
         FROM unnest($1::text[]) AS zone, generate_series(now() - interval '790 days', now() + interval '790 days', interval '337 minutes') AS at`,
      [ZONES],
    );
    const offsetOf = offsetByTable(table);

    const wrong = rows.filter(
      ({ zone, at, day }) =>
        firstBucket({ window: 'calendar_day', timeZone: zone }, at, offsetOf) !== day,
    );

    expect(rows.length).toBeGreaterThan(100_000);
    expect(wrong).toEqual([]);
  });

  it('are loaded once while PostgreSQL keeps its rules', async () => {
    await given.publish({ rules: [calendarDay('Australia/Lord_Howe')] });
    const logger = { error: () => undefined };
    const seals = testSeals('ledger');
    const policies = new Policies(seals, new AddressBooks(seals, logger), logger);

    const books = [];
    for (let read = 0; read < 5; read++) books.push((await policies.read(ledger.database)).book);

    expect(new Set(books).size).toBe(1);
    expect(books[0]?.zones).toEqual(['Australia/Lord_Howe']);
  });

  it.each(['CET', 'EET', 'MET', 'WET'])(
    'are refused with the first differing instant: %s',
    async (zone) => {
      const sentence = new RegExp(
        `^422 .*policy\\.rules: PostgreSQL and the ledger differ on the time zone ${zone} from 20\\d\\d-03-\\d\\dT01:00:00\\.000Z on: name the zone of a city`,
      );
      expect(await refusalOf(zone)).toMatch(sentence);
      expect(await refusalOf(zone, '/dry-run')).toMatch(sentence);
    },
  );

  it.each(['EST', 'MST', 'GMT', 'Zulu'])(
    'are refused as abbreviations of PostgreSQL: %s',
    async (zone) => {
      expect(await refusalOf(zone)).toContain(
        `policy.rules: PostgreSQL reads the time zone ${zone} as an abbreviation: name the zone of a city`,
      );
    },
  );

  it.each(['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Chatham'])(
    'are taken where both programs read them alike: %s',
    async (zone) => {
      await given.publish({ rules: [calendarDay(zone)] });
    },
  );

  it.each(['America/New_York', 'Pacific/Kiritimati'])(
    'count the same days in a database that is set to %s',
    async (zone) => {
      const [{ name } = { name: '' }] = await ledger.database.query<{ name: string }>(
        'SELECT current_database() AS name',
      );
      await given.publish({ rules: [calendarDay('Europe/Berlin')] });
      const year = new Date().getUTCFullYear() + 1;

      expect(await answersAt(`${year}-07-01T21:59:00Z`, '100')).toEqual(['ledger.hold-placed.v1']);
      await ledger.database.query(`ALTER DATABASE ${name} SET timezone = '${zone}'`);
      expect(await answersAt(`${year}-07-01T21:59:59Z`, '1')).toEqual(['ledger.hold-refused.v1']);
      expect(await answersAt(`${year}-07-01T22:00:00Z`, '100')).toEqual(['ledger.hold-placed.v1']);
      expect(await answersAt(`${year}-07-02T21:30:00Z`, '1')).toEqual(['ledger.hold-refused.v1']);
      expect(
        await ledger.database.query(
          `SELECT bucket, used::text FROM policy_counter WHERE key LIKE '%${USDT}%' ORDER BY bucket`,
        ),
      ).toEqual([
        { bucket: new Date(`${year}-07-01T00:00:00Z`), used: '100' },
        { bucket: new Date(`${year}-07-02T00:00:00Z`), used: '100' },
      ]);
    },
  );
});
