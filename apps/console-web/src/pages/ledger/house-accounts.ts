/** Meanings of the firm's accounts in the chart; `?` is the part after the colon. */
const MEANINGS: Readonly<Record<string, string>> = {
  clearing: 'paid out by ?, less what we have put there',
  'hot-wallet': 'paid out by our wallet on ?, less what we have put there',
  'gas-tank': 'gas in the tank on ?',
  gas: 'gas spent on ?',
  'fee-income': 'fees taken from customers',
  'venue-fee': 'fees taken by ?',
  funding: 'money that came from outside',
  suspense: 'money without an owner yet',
};

/** Meaning of an account of the firm; empty for an account that this page does not know. */
export function meaningOf(account: string): string {
  const [kind = '', ...name] = account.split(':');
  const meaning = Object.hasOwn(MEANINGS, kind) ? (MEANINGS[kind] ?? '') : '';
  return meaning.replace('?', () => name.join(':'));
}
