import type { AddressBookDto, AddressEntryDto } from '@sluice/http-api';
import { command, listing } from '../language/command.js';
import { A } from '../language/shared-help.js';
import { facts } from '../render/table.js';
import { cell, time } from '../render/text.js';

const PAGE = 1_000;

export const ADDRESSES = [
  listing('address list --account A', {
    help: 'lists the address book of an account, removed entries included',
    call: async ({ account }, { ledger }) => {
      const entries: AddressEntryDto[] = [];
      for (;;) {
        const after = entries.at(-1)?.id;
        const page = await ledger.addresses(account, { limit: PAGE, ...(after && { after }) });
        entries.push(...page);
        if (page.length < PAGE) return entries.map(rowOf);
      }
    },
    columns:
      'id, network, recipient, label, author, added_at as added, confirmed_by, usable_at as counts from, removed_at as removed',
    empty: 'the address book has no entry',
  }),
  command('address add --account A --network N --address ADDRESS [--memo M] --label TEXT', {
    help: `adds an entry to the address book of an account
      --network: network of the asset, e.g. ETH of USDT.ETH
      --address: address of the recipient
      --memo: memo or tag of the recipient; another memo is another entry
      --label: name for people
      The entry counts after the waiting time of the book (24 hours by default).`,
    example: `${A} --network ETH --address 0x52908400098527886E0F7030069857D2E4169EE7 --label office`,
    call: ({ account, network, address, memo, label }, { ledger }) =>
      ledger.addAddress(account, {
        network,
        destination: { type: 'address', address, ...(memo !== undefined && { memo }) },
        label,
      }),
    text: (entry) => `entry ${entry.id} ${stateOf(entry)}`,
  }),
  command('address confirm ID --account A', {
    help: `confirms an entry that another party has added
      Its waiting time begins now.`,
    call: ({ ID, account }, { ledger }) =>
      ledger.confirmAddress({ account_id: account, entry_id: ID }, {}),
    text: (entry) => `entry ${entry.id} ${stateOf(entry)}`,
  }),
  command('address remove ID --account A', {
    help: 'removes an entry from the address book at once',
    call: ({ ID, account }, { ledger }) =>
      ledger.removeAddress({ account_id: account, entry_id: ID }, {}),
    text: (entry) => `entry ${entry.id} ${stateOf(entry)}`,
  }),
  command('address settings --account A', {
    help: 'shows the settings of an address book',
    call: ({ account }, { ledger }) => ledger.addressBook(account),
    text: (book, style) => settingsText(book, style),
  }),
  command(
    'address set --account A --only-book yes|no --confirmation none|key|person --waits-hours 1..720',
    {
      help: `states the settings of an address book
      --only-book: payments only to usable entries of the book
      --confirmation: none, or a second key or person for new entries: key, person
      --waits-hours: waiting time of new entries, and of looser settings
      Stricter settings take effect at once, looser settings after the waiting time in force.`,
      example: `${A} --only-book yes --confirmation person --waits-hours 24`,
      call: ({ account, only_book, confirmation, waits_hours }, { ledger }) =>
        ledger.setAddressBook(account, {
          only_book,
          confirmation: confirmation ?? 'none',
          waits_hours,
        }),
      text: (book, style) => settingsText(book, style),
    },
  ),
];

function rowOf({ destination, ...entry }: AddressEntryDto) {
  const { type: _type, ...named } = destination;
  return { ...entry, recipient: Object.values(named).map(cell).join(' ') };
}

function stateOf({ usable_at: usableAt, removed_at: removedAt }: AddressEntryDto): string {
  if (removedAt !== null) return `is removed since ${time(removedAt)}`;
  return usableAt === null ? 'waits for its confirmation' : `counts from ${time(usableAt)} on`;
}

function settingsText({ next, ...settings }: AddressBookDto, style: Parameters<typeof facts>[2]) {
  return [
    facts('account_id as account, only_book, confirmation, waits_hours', settings, style),
    next !== null &&
      `from ${time(next.starts_at)} on: only_book ${String(next.only_book)}, confirmation ${cell(next.confirmation)}, waits_hours ${next.waits_hours}`,
  ];
}
