import { Amount } from '@sluice/kernel';
import { missingOf } from './wallet-book-watch.js';

const eth = (text: string) => Amount.of(text, 'ETH.ETH');

describe('what is missing of our own wallet', () => {
  it.each([
    ['nothing, to the last wei', '9.5', '-9.5', '0', '0'],
    ['nothing while as much is in flight', '7', '-9.5', '2.5', '0'],
    ['nothing where more is there than is booked', '11', '-9.5', '0', '0'],
    ['one wei', '9.499999999999999999', '-9.5', '0', '0.000000000000000001'],
    ['what is beyond what is in flight', '6', '-9.5', '2.5', '1'],
    ['nothing where the book has nothing there', '0', '0', '0', '0'],
    ['nothing where the book owes the chain', '0', '3', '0', '0'],
  ])('is %s', (_, total, posted, inFlight, missing) => {
    const accounts = { total: eth(total), posted: eth(posted), inFlight: eth(inFlight) };
    expect(missingOf({ asset: 'ETH.ETH', ...accounts }).toString()).toBe(missing);
  });
});
