/** What the environment says of the API's guard. */
import { expect, test } from 'vitest';
import { guardOptions, settingsOf } from '../../../../runtime/settings.ts';

test('everything that can be said', () => {
  const env = {
    API_TOKENS_FILE: 'tokens',
    API_TLS_CERT_FILE: 'cert.pem',
    API_TLS_KEY_FILE: 'key.pem',
    API_TLS_CLIENT_CA_FILE: 'ca.pem',
    API_HOSTS: 'DCOS.example.com, lb.example.com:8443,[fd00::1]:80',
  };
  expect(guardOptions(env)).toEqual({
    tokensFile: 'tokens',
    tls: { cert: 'cert.pem', key: 'key.pem', clientCa: 'ca.pem' },
    hosts: ['dcos.example.com', 'lb.example.com:8443', '[fd00::1]:80'],
  });
});

test('nothing said, or said as nothing', () => {
  const empty = { API_TOKENS_FILE: '', API_TLS_CERT_FILE: '', API_TLS_KEY_FILE: '', API_HOSTS: ' , ' };
  expect([guardOptions({}), guardOptions(empty)]).toEqual([{ hosts: [] }, { hosts: [] }]);
});

test.each([
  [{ API_TLS_CERT_FILE: 'cert.pem' }, 'API_TLS_KEY_FILE is missing: TLS needs a certificate and its key'],
  [{ API_TLS_KEY_FILE: 'key.pem' }, 'API_TLS_CERT_FILE is missing: TLS needs a certificate and its key'],
  [{ API_TLS_CLIENT_CA_FILE: 'ca.pem' }, 'API_TLS_CLIENT_CA_FILE needs API_TLS_CERT_FILE and API_TLS_KEY_FILE'],
  [
    { API_HOSTS: 'https://dcos.example.com' },
    'API_HOSTS has "https://dcos.example.com"; expected names as host or host:port, with commas between them',
  ],
])('%j is refused', (env, message) => {
  expect(() => guardOptions(env)).toThrow(message);
});

test('agents are told to fetch over TLS once the API speaks it', () => {
  const url = (env: Record<string, string>) => settingsOf({ LIBPROCESS_IP: '10.0.0.7', ...env }, 8080).artifactsUrl;
  expect(url({})).toBe('http://10.0.0.7:8080');
  expect(url({ API_TLS_CERT_FILE: 'cert.pem', API_TLS_KEY_FILE: 'key.pem' })).toBe('https://10.0.0.7:8080');
});

test('what the scheduler was given as a secret is known, by its name or by the mark of the author', () => {
  const env = { DB_PASSWORD: 'correct-horse', ADMIN_PIN: 'four-seven-one-one', HEAP: 'as-much-as-there-is' };
  expect(settingsOf(env, 8080, '10.0.0.7', ['ADMIN_PIN']).secretTexts).toEqual(['four-seven-one-one', 'correct-horse']);
});
