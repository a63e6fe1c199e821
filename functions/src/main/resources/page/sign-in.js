// Signing in by OpenID Connect: a code with PKCE. Tokens are kept for this tab, and sent to the API only.

const PAGE = new URL('.', document.baseURI);
const ASKED = 'pigeonhole.asked';
const TOKENS = 'pigeonhole.tokens';
const LEVELS = ['none', 'read', 'write', 'admin'];
const SOON = 30_000;

let told;
let found;
let refreshing;

function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}

/** What is open to everybody, and who signs people in, as the API says it. */
async function settings() {
  told ??= fetch(new URL('sign-in', PAGE)).then((response) => (response.ok ? response.json() : {}));
  try {
    return await told;
  } catch {
    told = undefined;
    return {};
  }
}

async function provider() {
  const { issuer } = await settings();
  found ??= fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`).then((response) => response.json());
  try {
    const document = await found;
    if (document.issuer === issuer) return document;
  } catch {
    // said below
  }
  found = undefined;
  throw new Error('Whoever signs people in does not answer as expected.');
}

export const signedIn = () => kept(TOKENS) !== null;

/** Whether people can sign in here. */
export const canSignIn = async () => Boolean((await settings()).issuer);

/** Whether somebody has to sign in for a level. Who is before an API that opens nothing has done so. */
export async function needsSignIn(level) {
  const { anonymous, issuer } = await settings();
  if (anonymous === undefined || (anonymous === 'none' && !issuer)) return false;
  return LEVELS.indexOf(level) > LEVELS.indexOf(anonymous) && !signedIn();
}

const encoded = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const random = () => encoded(crypto.getRandomValues(new Uint8Array(32)));

function going(address, parameters) {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  location.assign(url);
}

/** Leaves for whoever signs people in; comes back to the same view. */
export async function signIn() {
  const { client, scopes } = await settings();
  const { authorization_endpoint: address } = await provider();
  const asked = { state: random(), nonce: random(), verifier: random(), view: location.hash };
  sessionStorage.setItem(ASKED, JSON.stringify(asked));
  going(address, {
    response_type: 'code',
    client_id: client,
    redirect_uri: PAGE.href,
    scope: scopes,
    state: asked.state,
    nonce: asked.nonce,
    code_challenge: encoded(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(asked.verifier))),
    code_challenge_method: 'S256',
  });
}

/** Takes what the address has of a sign-in that was begun here; throws if there is anything wrong with it. */
export async function returned() {
  const answer = new URLSearchParams(location.search);
  if (!answer.has('state')) return;
  const asked = kept(ASKED);
  sessionStorage.removeItem(ASKED);
  history.replaceState(null, '', PAGE.pathname + (asked?.view ?? ''));
  if (!asked || answer.get('state') !== asked.state) throw new Error('This sign-in was not begun here.');
  if (answer.has('error')) throw new Error(`Not signed in: ${answer.get('error_description') ?? answer.get('error')}`);
  const { issuer } = await provider();
  const { client } = await settings();
  if (answer.has('iss') && answer.get('iss') !== issuer) throw new Error('This sign-in is somebody else’s.');
  const tokens = await exchange({
    grant_type: 'authorization_code',
    code: answer.get('code'),
    redirect_uri: PAGE.href,
    code_verifier: asked.verifier,
  });
  // it comes straight from the issuer, by TLS, which stands for its signature
  const { iss, aud, exp, nonce } = claims(tokens.id_token);
  if (iss !== issuer || ![aud].flat().includes(client) || exp * 1000 < Date.now() || nonce !== asked.nonce) {
    throw new Error('This sign-in is not the one that was asked for.');
  }
  keep(tokens);
}

function claims(token) {
  try {
    const bytes = atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0))));
  } catch {
    return {};
  }
}

async function exchange(form) {
  const { client } = await settings();
  const { token_endpoint: address } = await provider();
  const response = await fetch(address, { method: 'POST', body: new URLSearchParams({ ...form, client_id: client }) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || !answer.access_token) {
    throw Object.assign(new Error(`Not signed in: ${answer.error_description ?? answer.error ?? response.status}`), { refused: true });
  }
  return answer;
}

function keep(answer, before = {}) {
  const tokens = {
    access: answer.access_token,
    refresh: answer.refresh_token ?? before.refresh,
    id: answer.id_token ?? before.id,
    until: Date.now() + 1000 * (answer.expires_in ?? 300),
  };
  sessionStorage.setItem(TOKENS, JSON.stringify(tokens));
  return tokens.access;
}

/** The token of who is signed in, if anybody is; another one when it ends soon, or was refused. */
export async function token(refused = '') {
  const tokens = kept(TOKENS);
  if (!tokens) return '';
  if (tokens.access !== refused && tokens.until - Date.now() > SOON) return tokens.access;
  refreshing ??= refresh(tokens).finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

async function refresh(tokens) {
  try {
    if (tokens.refresh) return keep(await exchange({ grant_type: 'refresh_token', refresh_token: tokens.refresh }), tokens);
  } catch (problem) {
    if (!problem.refused) throw problem;
  }
  forget();
  return '';
}

function forget() {
  sessionStorage.removeItem(TOKENS);
  dispatchEvent(new Event('signed-out'));
}

/** Forgets who was signed in, here and, if it can be asked to, at whoever signs people in. */
export async function signOut() {
  const { id } = kept(TOKENS) ?? {};
  forget();
  const { client } = await settings();
  const { end_session_endpoint: address } = await provider();
  if (!address) return;
  // the last is what Cognito calls the one before
  going(address, { client_id: client, ...(id && { id_token_hint: id }), post_logout_redirect_uri: PAGE.href, logout_uri: PAGE.href });
}
