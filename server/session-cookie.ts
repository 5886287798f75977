import type { FastifyReply, FastifyRequest } from 'fastify';

/** `__Host-` binds the cookie to this host over https; plain http (loopback) cannot carry it. */
function cookieName(https: boolean): string {
  return https ? '__Host-phusa' : 'phusa';
}

/** The session id a browser sent. */
export function readSessionCookie(request: FastifyRequest, https: boolean): string | undefined {
  return request.cookies[cookieName(https)];
}

/** Hands the browser a new session; scripts cannot read it, other sites cannot send it. */
export function setSessionCookie(
  reply: FastifyReply,
  session: { readonly id: string; readonly expires: Date },
  https: boolean,
): void {
  reply.setCookie(cookieName(https), session.id, {
    httpOnly: true,
    sameSite: 'strict',
    secure: https,
    path: '/',
    expires: session.expires,
  });
}

/** Takes the session back from the browser. */
export function clearSessionCookie(reply: FastifyReply, https: boolean): void {
  reply.clearCookie(cookieName(https), { path: '/', secure: https, sameSite: 'strict' });
}
