/** How an operator writes where the masters are, and what is said to a mistake. */
import { describe, expect, test } from 'vitest';
import { parseMasters, printMasters } from '../../../runtime/mesos/address.ts';

const list = (...origins: string[]) => ({ kind: 'list', origins });
const zookeeper = (servers: string, path: string, more = {}) => ({
  kind: 'zookeeper',
  servers,
  path,
  scheme: 'http',
  ...more,
});

test.each([
  ['http://10.0.0.1:5050', list('http://10.0.0.1:5050')],
  ['https://leader.mesos:5050/', list('https://leader.mesos:5050')],
  ['leader.mesos:5050', list('http://leader.mesos:5050')],
  ['m1:5050, m2:5050,https://m3:5051', list('http://m1:5050', 'http://m2:5050', 'https://m3:5051')],
  ['http://[::1]:5050', list('http://[::1]:5050')],
  ['zk://zk1:2181/mesos', zookeeper('zk1:2181', '/mesos')],
  ['zk://zk1,zk2/mesos', zookeeper('zk1,zk2', '/mesos')],
  ['zk://zk1:2181,zk2:2181,zk3:2181/team/mesos/', zookeeper('zk1:2181,zk2:2181,zk3:2181', '/team/mesos')],
  ['zk://me:se@cr:et@zk1:2181/mesos', zookeeper('zk1:2181', '/mesos', { auth: 'me:se@cr:et' })],
])('%s', (text, address) => {
  expect(parseMasters(text, false)).toEqual(address);
});

test('with a CA, masters whose scheme is not written speak TLS; a scheme that is written stays', () => {
  expect(parseMasters('m1:5050,http://m2:5050', true)).toEqual(list('https://m1:5050', 'http://m2:5050'));
  expect(parseMasters('zk://zk1:2181/mesos', true)).toEqual(zookeeper('zk1:2181', '/mesos', { scheme: 'https' }));
});

describe('what can never be reached is refused', () => {
  test.each([
    ['', '"" is no address of a Mesos master: give --master as http://host:port'],
    ['nonsense', '"nonsense" is no address'],
    ['ftp://m1:5050', '"ftp://m1:5050" is no address'],
    ['http://', '"http://" is no address'],
    ['m1:5050,', '"" is no address'],
    ['m1:99999', '"m1:99999" is no address'],
    ['http://m1:5050/mesos', 'leave out what follows the port'],
    ['http://m1:5050?x', 'leave out what follows the port'],
    ['zk://zk1:2181', '"zk://zk1:2181" names no node: add the path'],
    ['zk://zk1:2181/', 'names no node'],
    ['zk:///mesos', 'names no ZooKeeper servers'],
    ['zk://zk1:x/mesos', 'names no ZooKeeper servers: expected zk://host:port,host:port/mesos'],
    ['zk://zk1:2181,/mesos', 'names no ZooKeeper servers'],
    ['zk://zk1:99999/mesos', 'names no ZooKeeper servers'],
  ])('%s', (text, message) => {
    expect(() => parseMasters(text, false)).toThrow(message);
  });
});

test.each([
  'http://me:secret@m1:5050',
  'zk://secret@zk1:2181/mesos',
  'zk://me:secret@zk1:x/mesos',
  'zk://me:secret@zk1:2181',
])('a password is not repeated: %s', (text) => {
  expect(() => parseMasters(text, false)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret@') }),
  );
});

test('what is printed is what was written, but for passwords', () => {
  expect(printMasters(parseMasters('m1:5050,m2:5050', false))).toBe('http://m1:5050,http://m2:5050');
  expect(printMasters(parseMasters('zk://me:secret@zk1:2181,zk2:2181/mesos', false))).toBe(
    'zk://zk1:2181,zk2:2181/mesos',
  );
});
