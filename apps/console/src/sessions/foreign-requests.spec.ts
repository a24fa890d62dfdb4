import { foreignFault, isAction } from './foreign-requests.js';

const CONSOLE = 'https://console.example';
const OWN = { 'sluice-console': '1' };

describe('a request', () => {
  it.each([
    OWN,
    { 'sluice-console': 'background' },
    { ...OWN, origin: CONSOLE },
    { ...OWN, origin: CONSOLE, 'sec-fetch-site': 'same-origin' },
    { ...OWN, origin: 'null', 'sec-fetch-site': 'same-origin' },
  ])('may be of our own page: %j', (headers) => {
    expect(foreignFault(headers, CONSOLE)).toBeNull();
  });

  it.each([
    {},
    { origin: CONSOLE },
    { 'sluice-console': '' },
    { 'sluice-console': '1, 1' },
    { ...OWN, origin: 'https://evil.example' },
    { ...OWN, origin: `${CONSOLE}.evil.example` },
    { ...OWN, origin: 'http://console.example' },
    { ...OWN, origin: 'null' },
    { ...OWN, origin: 'null', 'sec-fetch-site': 'cross-site' },
    { ...OWN, origin: CONSOLE, 'sec-fetch-site': 'cross-site' },
    { ...OWN, 'sec-fetch-site': 'same-site' },
    { ...OWN, 'sec-fetch-site': 'none' },
  ])('is foreign: %j', (headers) => {
    expect(foreignFault(headers, CONSOLE)).not.toBeNull();
  });

  it('extends the session only as an action of the person', () => {
    expect([OWN, { 'sluice-console': 'background' }].map(isAction)).toEqual([true, false]);
  });
});
