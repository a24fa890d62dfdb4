import type { AddressBookDto, AddressEntryDto, Caller } from '@sluice/http-api';
import { testPasskeyRule, testSeals } from '@sluice/service-shell/testing';
import { recipientOf, usableEntries } from './entry-rows.js';
import { givenAccount, givenLedger, type TestLedger } from '../testkit/given-ledger.js';
import { AddressBooks, DEFAULT_TERMS, StateSettings } from './address-book-settings.js';
import { AddressEntries } from './address-entries.js';

const HOUR_MS = 3_600_000;
const ADDRESS = '0x52908400098527886e0f7030069857d2e4169ee7';
const SEALS = testSeals('ledger');
const INTAKE: Caller = { kind: 'service', name: 'intake-api', roles: [], client: '' };
const person = (name: string): Caller => ({
  kind: 'person',
  name,
  roles: ['administer'],
  client: 'sluice-cli',
});

describe('an address book', () => {
  let ledger: TestLedger;
  let accountId: string;
  let entries: AddressEntries;
  let settings: StateSettings;
  let books: AddressBooks;
  beforeAll(async () => {
    ledger = await givenLedger();
    books = new AddressBooks(SEALS, { error: () => undefined });
    entries = new AddressEntries(
      ledger.service,
      ledger.unitOfWork,
      books,
      SEALS,
      testPasskeyRule(),
    );
    settings = new StateSettings(ledger.service, ledger.unitOfWork, books, testPasskeyRule());
  });
  beforeEach(async () => void (accountId = await givenAccount(ledger, '1')));
  afterAll(() => ledger.close());

  const to = (memo?: string) => ({
    type: 'address' as const,
    address: ADDRESS,
    ...(memo !== undefined && { memo }),
  });
  const add = (more: { network?: string; memo?: string; key?: string } = {}, as = INTAKE) =>
    entries.add(
      accountId,
      {
        network: more.network ?? 'ETH',
        destination: to(more.memo),
        label: 'office',
        key_id: as.kind === 'service' ? (more.key ?? 'key-1') : null,
      },
      as,
    );
  const confirm = (entry: AddressEntryDto, as: Caller, key: string | null = null) =>
    entries.confirm({ account_id: accountId, entry_id: entry.id }, key, as);
  const remove = (entry: AddressEntryDto) =>
    entries.remove({ account_id: accountId, entry_id: entry.id }, 'key-1', INTAKE);
  const isUsable = async (
    at: Date,
    more: { network?: string; memo?: string; account?: string } = {},
  ): Promise<boolean> => {
    const asked = {
      accountId: more.account ?? accountId,
      network: more.network ?? 'ETH',
      recipient: recipientOf(to(more.memo)),
    };
    return (await usableEntries(ledger.service, SEALS, [asked], at)).size === 1;
  };
  const after = (text: string | null, ms: number) => new Date(Date.parse(text ?? '') + ms);
  const state = (
    more: Partial<Pick<AddressBookDto, 'only_book' | 'confirmation' | 'waits_hours'>>,
  ) =>
    settings.run(
      accountId,
      { only_book: false, confirmation: 'none', waits_hours: 24, key_id: 'key-1', ...more },
      INTAKE,
    );
  const inForce = async (at = new Date()) =>
    (await books.read(ledger.service)).inForce(accountId, at);

  it('has an entry that counts after 24 hours, and not a millisecond before', async () => {
    const entry = await add();
    expect(entry).toMatchObject({ author: 'key:key-1', label: 'office', removed_at: null });
    expect(after(entry.added_at, 24 * HOUR_MS).toISOString()).toBe(entry.usable_at);
    expect(await isUsable(after(entry.usable_at, -1))).toBe(false);
    expect(await isUsable(after(entry.usable_at, 0))).toBe(true);
  });

  it('has another entry for another memo, network or account', async () => {
    const entry = await add();
    const at = after(entry.usable_at, 1);
    const other = await givenAccount(ledger, '1');
    expect(await isUsable(at)).toBe(true);
    expect(await isUsable(at, { memo: '7' })).toBe(false);
    expect(await isUsable(at, { network: 'BSC' })).toBe(false);
    expect(await isUsable(at, { account: other })).toBe(false);
    await add({ memo: '7' });
    expect(await isUsable(after(entry.usable_at, HOUR_MS), { memo: '7' })).toBe(true);
  });

  it('removes an entry at once, again without effect, and begins anew for the same recipient', async () => {
    const entry = await add();
    const removed = await remove(entry);
    expect(removed).toMatchObject({ removed_by: 'key:key-1' });
    expect(await isUsable(after(entry.usable_at, HOUR_MS))).toBe(false);
    expect((await remove(entry)).removed_at).toBe(removed.removed_at);

    const next = await add();
    expect(next.id).not.toBe(entry.id);
    expect(await isUsable(after(next.usable_at, -1))).toBe(false);
    expect(await entries.list(accountId, {})).toMatchObject([{ id: entry.id }, { id: next.id }]);
    expect(await entries.list(accountId, { after: entry.id })).toMatchObject([{ id: next.id }]);
  });

  it('has one entry after 20 equal requests at once, with the first label and time', async () => {
    const added = await Promise.all(Array.from({ length: 20 }, () => add()));
    expect(new Set(added.map(({ id }) => id)).size).toBe(1);
    expect(await entries.list(accountId, {})).toHaveLength(1);
  });

  it('needs another key or a person for entries, if the settings demand it', async () => {
    await state({ confirmation: 'key' });
    const entry = await add();
    expect(entry.usable_at).toBeNull();
    await expect(confirm(entry, INTAKE, 'key-1')).rejects.toMatchObject({ status: 409 });
    const confirmed = await confirm(entry, INTAKE, 'key-2');
    expect(confirmed).toMatchObject({ confirmed_by: 'key:key-2' });
    expect(await isUsable(after(confirmed.usable_at, -1))).toBe(false);
    expect(await isUsable(after(confirmed.usable_at, 0))).toBe(true);
    await expect(confirm(entry, INTAKE, 'key-3')).rejects.toMatchObject({ status: 409 });
  });

  it('needs a person, if the settings demand a person', async () => {
    await state({ confirmation: 'person' });
    const entry = await add();
    await expect(confirm(entry, INTAKE, 'key-2')).rejects.toMatchObject({ status: 409 });
    expect(await confirm(entry, person('ada'))).toMatchObject({ confirmed_by: 'person:ada' });
    const own = await add({ memo: '1' }, person('ada'));
    await expect(confirm(own, person('ADA'))).rejects.toMatchObject({ status: 409 });
  });

  it('keeps the demand for a confirmation of an entry when the settings are loosened later', async () => {
    await state({ confirmation: 'person', waits_hours: 48 });
    const entry = await add();
    await state({ confirmation: 'none' });
    expect(entry.confirmation).toBe('person');
    expect(await isUsable(after(entry.added_at, 1_000 * HOUR_MS))).toBe(false);
    const { usable_at: usableAt } = await confirm(entry, person('ada'));
    expect(Date.parse(usableAt ?? '') - Date.now()).toBeGreaterThan(47 * HOUR_MS);
  });

  it('refuses a confirmation by the author in the database, too', async () => {
    await state({ confirmation: 'key' });
    const { id } = await add();
    const insert = ledger.service.query(
      `INSERT INTO address_confirmation (entry_id, author, confirmed_by, confirmed_at, usable_at, seal)
       VALUES ($1, 'key:key-1', 'KEY:key-1', now(), now(), 'x')`,
      [id],
    );
    await expect(insert).rejects.toMatchObject({ constraint: 'address_confirmation_by_another' });
    const another = ledger.service.query(
      `INSERT INTO address_confirmation (entry_id, author, confirmed_by, confirmed_at, usable_at, seal)
       VALUES ($1, 'key:key-2', 'key:key-1', now(), now(), 'x')`,
      [id],
    );
    await expect(another).rejects.toMatchObject({ code: '23503' });
  });

  it('counts no entry, confirmation or setting without a valid seal', async () => {
    await ledger.service.query(
      `INSERT INTO address_entry (id, account_id, network, recipient, destination, label, author, added_at, waits_hours, confirmation, seal)
       VALUES (gen_random_uuid(), $1, 'ETH', $2, '{}', 'x', 'key:x', now() - interval '9 days', 1, 'none', 'x')`,
      [accountId, recipientOf(to())],
    );
    expect(await isUsable(new Date())).toBe(false);
    const own = await add();
    expect(await isUsable(after(own.usable_at, 0))).toBe(true);

    await state({ confirmation: 'key', only_book: true });
    const { id } = await add({ memo: '1' });
    await ledger.service.query(
      `INSERT INTO address_confirmation (entry_id, author, confirmed_by, confirmed_at, usable_at, seal)
       VALUES ($1, 'key:key-1', 'key:key-2', now(), now(), 'x')`,
      [id],
    );
    expect(await isUsable(new Date(Date.now() + HOUR_MS), { memo: '1' })).toBe(false);
    const known = (await inForce()).onlyBook;
    const current = SEALS.seal('x', []).split(':')[0];
    await ledger.service.query(
      `INSERT INTO address_book_setting (account_id, only_book, confirmation, waits_hours, stated_at, starts_at, author, seal)
       VALUES ($1, false, 'none', 1, now(), now(), 'key:x', $2)`,
      [accountId, `${current}:forged`],
    );
    expect([known, await inForce()]).toMatchObject([true, { onlyBook: true, confirmation: 'key' }]);
  });

  it('counts no change of an entry by the login of the service', async () => {
    const { id } = await add();
    const change = ledger.service.query(
      `UPDATE address_entry SET added_at = now() - interval '2 days' WHERE id = $1`,
      [id],
    );
    await expect(change).rejects.toThrow('permission denied');
    await ledger.database.query(
      `UPDATE address_entry SET added_at = now() - interval '2 days' WHERE id = $1`,
      [id],
    );
    expect(await isUsable(new Date())).toBe(false);
  });

  it('has stricter settings at once, and looser settings after the waiting time in force', async () => {
    expect(await inForce()).toEqual(DEFAULT_TERMS);
    expect(await state({ only_book: true, waits_hours: 48 })).toMatchObject({
      only_book: true,
      waits_hours: 48,
      next: null,
    });
    const { next } = await state({ only_book: false, waits_hours: 48 });
    expect(next).toMatchObject({ only_book: false });
    const startsAt = next?.starts_at ?? '';
    expect(Date.parse(startsAt) - Date.now()).toBeGreaterThan(47 * HOUR_MS);
    expect(await inForce(after(startsAt, -1))).toMatchObject({ onlyBook: true });
    expect(await inForce(after(startsAt, 0))).toMatchObject({ onlyBook: false });

    expect(await state({ only_book: true, waits_hours: 72 })).toMatchObject({ next: null });
    expect(await inForce(after(startsAt, 1))).toMatchObject({ onlyBook: true, waitsHours: 72 });
  });

  it.each([
    ['fewer hours', { waits_hours: 23 }],
    ['a weaker confirmation', { confirmation: 'none' as const }],
    ['a mixed change', { only_book: true, confirmation: 'none' as const }],
  ])('waits for %s', async (_what, change) => {
    await state({ confirmation: 'key' });
    expect((await state({ confirmation: 'key', ...change })).next).not.toBeNull();
  });

  it('has settings of its own account only, also of a process that reads them later', async () => {
    await state({ only_book: true });
    const other = await givenAccount(ledger, '1');
    const fresh = await new AddressBooks(SEALS, { error: () => undefined }).read(ledger.service);
    expect(fresh.onlyBook(accountId, new Date())).toBe(true);
    expect(fresh.onlyBook(other, new Date())).toBe(false);
  });

  it('takes no more than 10,000 entries of an account', async () => {
    await ledger.database.query(
      `INSERT INTO address_entry (id, account_id, network, recipient, destination, label, author, added_at, waits_hours, confirmation, seal)
       SELECT gen_random_uuid(), $1, 'ETH', n::text, '{}', 'x', 'key:x', now(), 1, 'none', 'x' FROM generate_series(1, 10000) AS n`,
      [accountId],
    );
    await expect(add()).rejects.toMatchObject({ status: 409 });
  });

  it('refuses an unknown account, an unknown entry, a service without a key, and a person with a key', async () => {
    const entry = await add();
    const known = accountId;
    accountId = '018f0000-0000-7000-8000-0000000000ff';
    await expect(add()).rejects.toMatchObject({ status: 404 });
    await expect(remove(entry)).rejects.toMatchObject({ status: 404 });
    await expect(settings.read(accountId)).rejects.toMatchObject({ status: 404 });
    accountId = await givenAccount(ledger, '1');
    await expect(remove(entry)).rejects.toMatchObject({ status: 404 });
    accountId = known;
    await expect(async () => add({ key: '' })).rejects.toMatchObject({ status: 422 });
    await expect(async () => confirm(entry, person('ada'), 'key-1')).rejects.toMatchObject({
      status: 422,
    });
    await expect(confirm(entry, person('ada'))).rejects.toMatchObject({ status: 409 });
    await remove(entry);
    await expect(confirm(entry, person('ada'))).rejects.toMatchObject({ status: 409 });
  });
});
