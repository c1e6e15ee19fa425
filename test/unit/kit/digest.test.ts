import { expect, test } from 'vitest';
import { nameUuid, sha1 } from '../../../runtime/kit/digest.ts';

test('SHA-1 of a text is what sha1sum says of its UTF-8 bytes', () => {
  expect(sha1('')).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709');
  expect(sha1('é')).toBe('bf15be717ac1b080b4f1c456692825891ff5073d');
});

test('a name has one UUID, of version 5', () => {
  expect(nameUuid('')).toBe('da39a3ee-5e6b-5b0d-b255-bfef95601890');
  expect(nameUuid('a')).toBe(nameUuid('a'));
  expect(nameUuid('a')).not.toBe(nameUuid('b'));
});
