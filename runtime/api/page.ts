/**
 * The operator's page: static files that ship beside the program. Promises headers that let the page load and run nothing but
 * itself; the files hold no data, so they need no token.
 */
import { fileURLToPath } from 'node:url';
import express, { type Handler } from 'express';

/** Named so that it is found from the sources, the build and the bundle alike. */
const FOLDER = fileURLToPath(new URL('../web', import.meta.url));

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // No text of the scheduler can become markup: the browser refuses the ways to do so.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
];

const HEADERS = {
  'Content-Security-Policy': POLICY.join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // The page is as new as the scheduler that it talks to.
  'Cache-Control': 'no-store',
};

/** Serves the page at `/` and leaves to others what is none of its files. */
export function page(): Handler {
  return express.static(FOLDER, {
    cacheControl: false,
    etag: false,
    lastModified: false,
    redirect: false,
    setHeaders: (response) => void response.set(HEADERS),
  });
}
