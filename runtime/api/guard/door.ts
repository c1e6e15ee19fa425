/**
 * Where each request shows who sends it. Promises that only those go on who may, and that whoever loses a token is shown out, also
 * from an answer that never ends.
 */
import type { Request, RequestHandler, Response } from 'express';
import type { Note } from '../../core/effect.ts';
import { text } from '../answer.ts';
import { send } from '../send.ts';
import { audit } from './audit.ts';
import { callerOf } from './caller.ts';
import { lured } from './origin.ts';
import { certificateName } from './tls.ts';
import type { Holders } from './tokens.ts';
import { isWrite, verdict } from './verdict.ts';
import type { Watched } from './watched.ts';

export interface Policy {
  /** Absent: nobody is asked for a token. */
  readonly holders?: Watched<Holders>;
  /** Whether clients may show a certificate instead. */
  readonly certificates: boolean;
  /** Names of the page's own. */
  readonly hosts: ReadonlySet<string>;
}

export function door({ holders, certificates, hosts }: Policy, note: (note: Note) => void): RequestHandler {
  const asks = holders !== undefined || certificates;
  const inside = new Map<Response, Request>();
  holders?.onChange((now) => {
    for (const [response, { headers }] of inside) if (callerOf(headers, now).kind === 'impostor') response.destroy();
  });
  return (request, response, next) => {
    // Texts of tasks and operators are served as text: no browser shall take one for a page.
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
    const certificate = certificates ? certificateName(request.socket) : undefined;
    const caller = callerOf(request.headers, holders?.current(), certificate);
    if (isWrite(request)) audit(request, response, caller, note);
    const refusal = asks ? verdict(caller, request) : undefined;
    if (refusal) {
      if (refusal.challenge) response.set('WWW-Authenticate', refusal.challenge);
      return send(response, refusal.answer);
    }
    // A token is shown on purpose; all else a browser has with it wherever it goes.
    const lure = isWrite(request) && caller.kind !== 'token' ? lured(request.headers, hosts) : undefined;
    if (lure) return send(response, text(403, `Not done, for ${lure}. Names of the page's own belong into API_HOSTS.`));
    inside.set(response, request);
    response.once('close', () => inside.delete(response));
    next();
  };
}
