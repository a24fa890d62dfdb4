import { intakeCanonical, signIntake } from '@sluice/signing';
import { ABOUT } from './words.js';

describe('the words of the reference', () => {
  it('have a worked example that is right', () => {
    const request = {
      timestamp: '1747444800',
      method: 'GET',
      path: '/v1/_ping',
      query: '',
      body: Buffer.alloc(0),
    };

    expect(ABOUT).toContain(`\n${intakeCanonical(request)}\n`);
    expect(ABOUT).toContain(signIntake('not-a-real-secret', request));
  });
});
