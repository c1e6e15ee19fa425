/** What the Dockerfile says, before anything is built. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/workplace.ts';
import { execForm, pairs, parseDockerfile } from './dockerfile.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const instructions = parseDockerfile(read('Dockerfile'));
const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
const texts = (name: string) => last.filter((instruction) => instruction.name === name).map(({ text }) => text);

test('all stages are one slim image of a Node.js with long-term support', () => {
  const images = instructions.filter(({ name }) => name === 'FROM').map(({ text }) => text);
  expect(images).toEqual(['node:24-bookworm-slim AS node', 'node AS build', 'node AS packages', 'node']);
});

test('the final stage installs nothing and brings no sources', () => {
  expect(texts('RUN').join()).not.toMatch(/apt|npm (ci|install)|curl|wget/);
  expect(texts('COPY').join()).not.toMatch(/runtime|scripts|test|(^|,)\. /);
});

test('its user is a number that is not root, so that a supervisor can see it', () => {
  expect(texts('USER')).toEqual(['1000:1000']);
});

test('no shell stands between a signal and the program', () => {
  expect(texts('ENTRYPOINT').map(execForm)).toEqual([['mainstay']]);
  expect(texts('CMD').map(execForm)).toEqual([['--help']]);
});

test('the label tells the version of the package', () => {
  const { version, license } = JSON.parse(read('package.json')) as { version: string; license: string };
  const labels = pairs(texts('LABEL').join(' '));
  expect(labels['org.opencontainers.image.version']).toBe(version);
  expect(labels['org.opencontainers.image.licenses']).toBe(license);
});

test('health is asked of the API, wherever PORT_API says that it is', () => {
  expect(texts('HEALTHCHECK').join()).toMatch(/PORT_API.*\/v1\/health/);
});
