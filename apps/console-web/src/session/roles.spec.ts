import { mayCall, rolesSentence } from './roles.js';

describe('a role', () => {
  it('permits a call that names it, and every call that names none', () => {
    expect(mayCall(['operate'], ['administer', 'operate'])).toBe(true);
    expect(mayCall(['audit'], [])).toBe(true);
    expect(mayCall([], ['audit'])).toBe(false);
    expect(mayCall(['audit'], ['approve'])).toBe(false);
    expect(mayCall(['audit', 'operate'], [''])).toBe(false);
  });

  it('is named in a sentence, with the roles that the person has', () => {
    expect(rolesSentence(['approve'], ['audit'])).toBe(
      'Needs the role “approve” (you have audit).',
    );
    expect(rolesSentence(['operate', 'approve', 'administer'], [])).toBe(
      'Needs the role “operate”, “approve” or “administer” (you have none).',
    );
    expect(rolesSentence([''], ['operate'])).toBe('Only services may do this.');
  });
});
