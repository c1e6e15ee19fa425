import { expect, test } from 'vitest';
import { lured } from '../../../../runtime/api/guard/origin.ts';

const HOSTS = new Set(['dcos.example.com', 'lb.example.com:8443']);

test.each([
  ['curl', { host: 'scheduler.example.com:8080' }],
  ['the page by address', { host: '10.0.0.7:8080', origin: 'http://10.0.0.7:8080', 'sec-fetch-site': 'same-origin' }],
  ['the page by an IPv6 address', { host: '[fd00::7]:8080', origin: 'http://[fd00::7]:8080' }],
  ['the page on this machine', { host: 'localhost:8080', origin: 'http://localhost:8080' }],
  ['the page by a name of Mesos-DNS', { host: 'shop.marathon.mesos:8080', origin: 'http://shop.marathon.mesos:8080' }],
  ['the page by a short name, at port 80', { host: 'scheduler:80', origin: 'http://scheduler' }],
  [
    'the page through Admin Router, which keeps the Host',
    { host: 'dcos.example.com', origin: 'https://dcos.example.com' },
  ],
  ['the page through a proxy that puts its own Host', { host: '10.0.0.7:8080', origin: 'https://lb.example.com:8443' }],
  ['an address that was typed in', { host: '10.0.0.7:8080', 'sec-fetch-site': 'none' }],
])('%s is let through', (_, headers) => {
  expect(lured(headers, HOSTS)).toBeUndefined();
});

test.each([
  [
    'a page of another site',
    { host: '10.0.0.7:8080', origin: 'https://evil.example' },
    'it was sent by a page of evil.example',
  ],
  [
    'a page on another port of ours',
    { host: '10.0.0.7:8080', origin: 'http://10.0.0.7:9090' },
    'it was sent by a page of 10.0.0.7:9090',
  ],
  [
    'a name that was made to lead to us',
    { host: 'evil.example:8080', origin: 'http://evil.example:8080', 'sec-fetch-site': 'same-origin' },
    'evil.example:8080 is not known to be a name of this service',
  ],
  [
    'a name that only looks like an address',
    { host: '10.0.0.7.evil.example', origin: 'http://10.0.0.7.evil.example' },
    '10.0.0.7.evil.example is not known to be a name of this service',
  ],
  ['a page that hides', { host: '10.0.0.7:8080', origin: 'null' }, 'it was sent by a page of unknown origin (null)'],
  [
    'a known name at another port',
    { host: '10.0.0.7', origin: 'https://lb.example.com' },
    'it was sent by a page of lb.example.com',
  ],
  [
    'a link from elsewhere',
    { host: '10.0.0.7', 'sec-fetch-site': 'cross-site' },
    'it was sent by a page of another site',
  ],
  ['a sister site', { host: '10.0.0.7', 'sec-fetch-site': 'same-site' }, 'it was sent by a page of another site'],
])('%s is refused', (_, headers, reason) => {
  expect(lured(headers, HOSTS)).toBe(reason);
});
