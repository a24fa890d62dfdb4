import type { KeyPrintDto } from '@sluice/admin-api';
import type { OwnWord } from './examine-service.js';
import type { Finding } from './findings.js';

/**
 * Reports differing message keys between two communicating services. Only fingerprints are
 * compared: no other process knows the keys.
 */
export function compareMessageKeys(words: readonly OwnWord[]): readonly Finding[] {
  const known = new Map(words.map((word) => [word.service, word]));
  return words.flatMap((one) => {
    const partners = new Set(one.message_keys.map(({ shared_with: name }) => name));
    return [...partners].flatMap((name) => {
      const other = known.get(name);
      return other === undefined ? [] : compare(one, other);
    });
  });
}

/** The signing key of `one` must be known to `other`. Keys old on both sides are reported once. */
function compare(one: OwnWord, other: OwnWord): readonly Finding[] {
  const own = keysWith(one, other.service);
  const beside = own.filter(({ signs }) => !signs);
  if (one.service === other.service) return beside.length > 0 ? [rotating(one, one, beside)] : [];
  const theirs = keysWith(other, one.service);
  const first = own.find(({ signs }) => signs);
  const match = theirs.find(({ id }) => id === first?.id);
  if (first !== undefined && match?.print !== first.print)
    return [notShared(one.service, other.service, first.id, match !== undefined)];
  const isSaidHere = one.service < other.service;
  const old = [...beside, ...theirs.filter(({ signs }) => !signs)];
  return isSaidHere && old.length > 0 ? [rotating(one, other, old)] : [];
}

function notShared(one: string, other: string, id: string, isOther: boolean): Finding {
  const how = isOther ? `has another key of this name` : 'does not have';
  return {
    code: 'message-key-not-shared',
    wrong: `${one} signs messages to ${other} with the key ${id}, which ${other} ${how}.`,
    follows: `${other} believes no message of ${one}: orders and facts become dead letters.`,
    remedy: `Put the same key into MESSAGE_KEYS_FILE of both, start both anew, and replay the dead letters.`,
  };
}

function rotating(one: OwnWord, other: OwnWord, old: readonly KeyPrintDto[]): Finding {
  const ids = [...new Set(old.map(({ id }) => id))].join(', ');
  const whose =
    one.service === other.service
      ? `${one.service} has`
      : `${one.service} and ${other.service} have`;
  return {
    code: 'message-key-old',
    wrong: `${whose} a key beside the one that signs: ${ids}.`,
    follows: 'A change of keys has not ended: who has the old key is still believed.',
    remedy: 'Once nothing signed with it is under way, take it out of MESSAGE_KEYS_FILE of both.',
  };
}

function keysWith(word: OwnWord, name: string): readonly KeyPrintDto[] {
  return word.message_keys.filter(({ shared_with: partner }) => partner === name);
}
